"""The alert bulletin of the fictional académie: written by one person, re-read and published by another, as any other."""

import datetime as dt

from django.db import transaction

from iprof.correspondence.models import Bulletin, Lure
from iprof.correspondence.quarters import Quarter
from iprof.correspondence.services.bulletins import publish_bulletin, review_bulletin, save_draft
from security.models import User

TITLE = "Exemple : le faux changement de barème"
BODY = (
    "Ce bulletin fait partie de l'académie fictive : il montre à quoi ressemble un bulletin d'alerte.\n\n"
    "En période de mutation, des messages pressent de « confirmer » un dossier. Aucun changement de barème n'est annoncé "
    "par courriel, et le portail n'y demande ni mot de passe ni NUMEN."
)
LURES = (
    {
        "subject": "URGENT : un changement urgent de barème vous concerne",
        "sender": "Service mutations <mutations@extranet-ac-reims.example>",
        "attachment": "",
        "clue": "Le tiret : l'adresse officielle s'écrit extranet.ac-reims.fr, avec un point. Et l'objet presse.",
    },
    {
        "subject": "Votre arrêté d'affectation est disponible",
        "sender": "I-Prof <ne-pas-repondre@ac-reims.example>",
        "attachment": "arrete_affectation.pdf.exe",
        "clue": "La pièce jointe finit par .exe : c'est un programme. Un arrêté se lit dans « Ma carrière ».",
    },
)


@transaction.atomic
def publish_demo_bulletin(*, writer: User, reader: User, on: dt.date) -> Bulletin | None:
    """The bulletin of the quarter of `on`, once; None when a bulletin exists already, whatever its quarter."""
    if Bulletin.objects.exists():
        return None
    quarter = Quarter.of(on)
    draft = Bulletin(year=quarter.year, quarter=quarter.number, title=TITLE, body=BODY)
    bulletin = save_draft(bulletin=draft, by=writer)
    Lure.objects.bulk_create(Lure(bulletin=bulletin, position=rank, **lure) for rank, lure in enumerate(LURES))
    return publish_bulletin(bulletin=review_bulletin(bulletin=bulletin, by=reader), by=reader)
