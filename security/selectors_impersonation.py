"""Figures on the visits in the place of an agent."""

import datetime as dt

from django.db.models import Count, Q, Sum
from django.utils import timezone

from iprof.kernel.explain import Input, Node
from security.models import Impersonation

DAYS = 30
RULE, VERSION = "security.impersonations", "2026-11-24"


def recent_impersonations(*, now: dt.datetime | None = None) -> tuple[Node, ...]:
    """Visits of the last 30 days, pages seen, visits going on. One query."""
    end = now or timezone.now()
    since = end - dt.timedelta(days=DAYS)
    found = Impersonation.objects.filter(began_at__gt=since, began_at__lte=end).aggregate(
        visits=Count("pk"),
        seen=Sum("pages", default=0),
        open=Count("pk", filter=Q(ended_at__isnull=True, ends_at__gt=end)),
    )
    day = (Input("Depuis le", timezone.localtime(since).date(), "30 jours avant aujourd'hui"),)
    rows = (
        (
            "Consultations en 30 jours",
            found["visits"],
            "Chaque consultation commencée compte une fois, même sans page vue.",
        ),
        (
            "Pages vues en 30 jours",
            found["seen"],
            "Une page rechargée compte de nouveau ; une page refusée ne compte pas.",
        ),
        ("En cours", found["open"], "Commencées, pas terminées, et pas encore à leur limite."),
    )
    return tuple(
        Node(label, value, "", RULE, VERSION, inputs=day, sentence=sentence) for label, value, sentence in rows
    )
