"""A few written exchanges of the fictional académie, laid around the day, by the product's own services."""

from django.db import transaction

from career.models import Agent
from iprof.correspondence.domain.ticket_priority import TicketType
from iprof.correspondence.enums import ThreadKind
from iprof.correspondence.models import ReplyTemplate, Thread
from iprof.correspondence.services.threads import (
    TicketFacts,
    Written,
    add_note,
    open_dialogue,
    open_ticket,
    reply,
    take_up,
)
from security.models import User

TEMPLATES = (
    (ThreadKind.DIALOGUE, "Pièce bien reçue", "Bonjour,\n\nVotre pièce est bien reçue. Elle rejoint votre dossier."),
    (
        ThreadKind.DIALOGUE,
        "Donnée à corriger à la source",
        "Bonjour,\n\nCette donnée se corrige dans notre logiciel de gestion, qui la transmet ensuite au portail. "
        "Signalez-la par « Signaler une erreur », à côté d'elle : le délai d'un mois court alors.",
    ),
    (
        ThreadKind.SUPPORT,
        "Dépôt refusé",
        "Bonjour,\n\nLe fichier doit être un PDF de moins de 3 Mo, sans mot de passe. Actualisez la page, puis "
        "déposez-le de nouveau.",
    ),
)


@transaction.atomic
def write_demo_threads(*, teacher: User, manager: User, helper: User) -> None:
    """Once: nothing when a thread exists already. Nothing either for a teacher without file."""
    if Thread.objects.exists() or not Agent.objects.filter(user=teacher).exists():
        return
    for kind, title, body in TEMPLATES:
        ReplyTemplate.objects.get_or_create(kind=kind, title=title, defaults={"body": body})
    asked = open_dialogue(
        by=teacher,
        subject="Exemple : une attestation de service",
        written=Written("Bonjour,\n\nComment obtenir une attestation de mes services pour l'an dernier ?\n\nMerci."),
    )
    reply(
        thread=asked,
        by=manager,
        written=Written(
            "Bonjour,\n\nVotre historique se télécharge en PDF dans « Ma carrière ». S'il vous faut un document signé, "
            "répondez ici en disant à qui il est destiné.\n\nBien cordialement."
        ),
    )
    waiting = open_dialogue(
        by=teacher,
        subject="Exemple : la date de mon affectation",
        written=Written("Bonjour,\n\nMon affectation est-elle définitive ou à l'année ? Je ne sais pas le lire."),
    )
    add_note(thread=waiting, by=manager, text="À vérifier avec le bureau des affectations.")
    take_up(thread=waiting, by=manager)
    ticket = open_ticket(
        by=teacher,
        subject="Exemple : un PDF refusé",
        written=Written("Mon fichier est refusé au dépôt, sans que je comprenne pourquoi."),
        facts=TicketFacts(TicketType.UPLOAD),
    )
    reply(thread=ticket, by=helper, written=Written("Bonjour,\n\nVotre fichier dépasse-t-il 3 Mo ?"))
