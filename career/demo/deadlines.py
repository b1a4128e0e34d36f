"""Deadlines of the fictional académie, laid around the day: announced, and one put off, by its gestionnaire."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from career.demo.people import DEPARTEMENT
from iprof.correspondence.audience import Audience
from iprof.correspondence.models import Deadline
from iprof.correspondence.services.deadlines import create_deadline, move_deadline
from security.models import User

SOURCE = "Exemple de l'académie fictive : aucun texte ne fixe cette date"
EXAMPLES = (
    ("Exemple : confirmer votre adresse postale", "Exemple de campagne", 6, "/ma-carriere/"),
    ("Exemple : demander un temps partiel", "Exemple de procédure", 24, ""),
    ("Exemple : saisir vos vœux de mutation", "Exemple de mouvement", 17, ""),
)
PUT_OFF_DAYS = 7


@transaction.atomic
def announce_demo_deadlines(*, by: User, on: dt.date) -> list[Deadline]:
    """The examples, the last one put off by a week; nothing when a deadline exists already."""
    if Deadline.objects.exists():
        return []
    made = [_announce(by, on, *example) for example in EXAMPLES]
    later = made[-1].closes_at + dt.timedelta(PUT_OFF_DAYS)
    move_deadline(deadline=made[-1], to=later, reason="Exemple : panne de la messagerie académique", by=by)
    return made


def _announce(by: User, on: dt.date, title: str, procedure: str, days: int, link: str) -> Deadline:
    closes_at = timezone.make_aware(dt.datetime.combine(on + dt.timedelta(days), dt.time(12)))
    deadline = Deadline(title=title, procedure=procedure, closes_at=closes_at, link=link, source=SOURCE)
    return create_deadline(deadline=deadline, audience=Audience(departements=(DEPARTEMENT,)), by=by)
