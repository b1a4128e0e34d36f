"""Reads of the bulletins and of the reports that feed them."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, Count, Exists, Max, Min, OuterRef, QuerySet, Value
from django.utils import timezone

from iprof.correspondence.enums import BulletinState, ReportState
from iprof.correspondence.models import Bulletin, BulletinRead, Lure, SuspiciousReport
from iprof.correspondence.quarters import Quarter
from iprof.kernel.explain import Input, Node
from iprof.kernel.text import sort_key
from security.domain.confusables import without_hidden
from security.models import User

LURES_COMPARED = 200
TELLING = 12  # letters of a subject: « Bonjour » would accuse everyone
SHARE_MONTHS = "douze derniers mois"


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """The waiting reports of one campaign: how many, from how many users, since when, and the newest one as example."""

    key: str
    count: int
    users: int
    first_at: dt.datetime
    last_at: dt.datetime
    example: SuspiciousReport


def published_bulletins(user: User | AnonymousUser) -> QuerySet[Bulletin]:
    """Newest first, with `lure_count` and `is_read` (by `user`; None for a visitor)."""
    rows = Bulletin.objects.published().annotate(lure_count=Count("lures"))
    if not user.is_authenticated:
        return rows.annotate(is_read=Value(None, output_field=BooleanField(null=True)))
    return rows.annotate(is_read=Exists(BulletinRead.objects.filter(bulletin=OuterRef("pk"), user_id=user.pk)))


def unread_bulletin(user: User) -> Bulletin | None:
    """The newest published bulletin, when `user` has not marked it as read. One query."""
    read = Exists(BulletinRead.objects.filter(bulletin=OuterRef("pk"), user_id=user.pk))
    newest = Bulletin.objects.published().annotate(is_read=read).first()
    return None if newest is None or newest.is_read else newest  # type: ignore[attr-defined]  # annotated


def lures_in(text: str) -> list[Lure]:
    """The lures of published bulletins whose subject stands in the text, newest first. One query.

    Accents, case and punctuation change nothing; a subject too short to tell anything is left aside.
    """
    read = f" {sort_key(without_hidden(' '.join(text.split())))} "  # line breaks part words, hidden characters do not
    rows = Lure.objects.filter(bulletin__state=BulletinState.PUBLISHED).select_related("bulletin")
    newest = rows.order_by("-bulletin__year", "-bulletin__quarter", "position", "pk")[:LURES_COMPARED]
    subjects = ((lure, sort_key(without_hidden(lure.subject))) for lure in newest)
    return [lure for lure, subject in subjects if len(subject) >= TELLING and f" {subject} " in read]


def missing_bulletin(on: dt.date) -> str:
    """What is still to be done for the bulletin of the quarter, empty when it is published. One query."""
    quarter = Quarter.of(on)
    state = Bulletin.objects.filter(year=quarter.year, quarter=quarter.number).values_list("state", flat=True).first()
    return {
        None: f"Aucun bulletin d'alerte n'est écrit pour le {quarter}.",
        BulletinState.DRAFT.value: f"Le bulletin d'alerte du {quarter} attend d'être relu par une autre personne.",
        BulletinState.REVIEWED.value: f"Le bulletin d'alerte du {quarter} est relu : il attend d'être publié.",
    }.get(state, "")


def report_groups(limit: int = 50) -> tuple[ReportGroup, ...]:
    """The campaigns that wait, the most reported first. Two queries."""
    rows = list(
        SuspiciousReport.objects.filter(state=ReportState.NEW)
        .order_by()
        .values("group_key")
        .annotate(
            count=Count("pk"),
            users=Count("user", distinct=True),
            first_at=Min("created_at"),
            last_at=Max("created_at"),
            newest=Max("pk"),
        )
        .order_by("-count", "-last_at")[:limit]
    )
    examples = SuspiciousReport.objects.in_bulk([row["newest"] for row in rows])
    return tuple(
        ReportGroup(
            row["group_key"], row["count"], row["users"], row["first_at"], row["last_at"], examples[row["newest"]]
        )
        for row in rows
        if row["newest"] in examples
    )


def reporting_share(on: dt.date) -> Node:
    """The share of opened accounts that reported a message in the last twelve months, in percent. Two queries."""
    since = timezone.now() - dt.timedelta(days=365)
    reporters = SuspiciousReport.objects.filter(created_at__gt=since).aggregate(n=Count("user", distinct=True))["n"]
    accounts = User.objects.filter(is_active=True, activated_at__isnull=False).count()
    inputs = (
        Input("Utilisateurs qui ont signalé au moins un message", reporters, "portail", on),
        Input("Comptes ouverts", accounts, "portail", on),
    )
    return Node(
        "Part des utilisateurs qui ont signalé un message frauduleux",
        round(100 * reporters / accounts) if accounts else None,
        "%",
        "correspondence.reporting_share",
        "",
        inputs=inputs,
        sentence=f"Personnes distinctes des {SHARE_MONTHS}, rapportées aux comptes ouverts. "
        "En 2025, 12 % des utilisateurs avaient signalé un message (DSDEN).",
    )
