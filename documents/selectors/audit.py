"""The figures of the spring audit, counted from the rows, each with where it comes from (requirement S66)."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from documents.domain.retention import retention_law
from documents.models import DestructionCertificate, Hold, RetentionNotice
from documents.services.certificates import is_true
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.web.clocked import QUEUES, Kept, kept
from iprof.web.personal_data import gaps
from iprof.web.processings import Processing, processings
from security.enums import AccessKind, Role
from security.models import AccessEvent, Habilitation

RULE, VERSION = "documents.audit", "2026-11-25"
SOURCE = LegalSource(
    "Cahier des charges du portail (S66) : chaque printemps, le délégué vérifie les flux", "", dt.date(2026, 11, 25)
)
Period = tuple[dt.datetime, dt.datetime]  # the second excluded
Figure = Callable[..., Node]
FEW = 5  # people: under it, a figure would tell what one of them did
HIDDEN = f"moins de {FEW} personnes"
LOOKED_AT = 200  # certificates checked one by one


@dataclass(frozen=True, slots=True)
class Row:
    """`figure` a number, or HIDDEN."""

    label: str
    figure: int | str


@dataclass(frozen=True, slots=True)
class Audit:
    """A period, both days included."""

    since: dt.date
    until: dt.date
    figures: tuple[Node, ...]
    accesses: tuple[Row, ...]
    roles: tuple[Row, ...]
    unused: tuple[Row, ...]
    requests: tuple[Kept, ...]
    register: tuple[Processing, ...]
    gaps: tuple[str, ...]


def audit(*, since: dt.date, until: dt.date, on: dt.date) -> Audit:
    """The number of queries does not depend on the rows, save for the check of the certificates (LOOKED_AT at most)."""
    period = (_start(since), _start(until + dt.timedelta(1)))
    events = AccessEvent.objects.filter(at__gte=period[0], at__lt=period[1])
    by_kind = Counter(
        {row["kind"]: row["count"] for row in events.order_by().values("kind").annotate(count=Count("pk"))}
    )
    return Audit(
        since=since,
        until=until,
        figures=tuple(_figures(since, until, period, by_kind)),
        accesses=tuple(Row(str(AccessKind(kind).label), count) for kind, count in by_kind.most_common()),
        roles=tuple(_roles(period)),
        unused=tuple(_unused(period, until)),
        requests=tuple(kept(queue, since=period[0], until=period[1], on=on) for queue in QUEUES.values()),
        register=processings(),
        gaps=tuple(gaps()),
    )


def _figures(since: dt.date, until: dt.date, period: Period, by_kind: Counter[str]) -> Iterable[Node]:
    def figure(label: str, value: int, origin: str, *sources: LegalSource) -> Node:
        inputs = (Input("Du", since, "période choisie"), Input("Au", until, "période choisie"))
        return Node(label, value, "", RULE, VERSION, (*sources, SOURCE), inputs, sentence=origin)

    yield figure("Traces au journal des accès", sum(by_kind.values()), "Lignes du journal écrites dans la période.")
    yield figure(
        "Accès refusés",
        by_kind[AccessKind.ACCESS_REFUSED],
        "Lignes « Accès refusé » ; des refus répétés font une ligne.",
    )
    yield figure("Dossiers exportés", by_kind[AccessKind.FILE_EXPORT], "Lignes « Export du dossier ».")
    copies = AccessEvent.objects.filter(kind=AccessKind.DATA_COPIED, at__gte=period[0], at__lt=period[1])
    asked = copies.filter(detail__act="demande").count()
    yield figure("Copies de données demandées", asked, "Lignes « Copie de ses données », acte « demande ».")
    yield from _retention(figure, period, by_kind)


def _retention(figure: Figure, period: Period, by_kind: Counter[str]) -> Iterable[Node]:
    made = DestructionCertificate.objects.filter(made_at__gte=period[0], made_at__lt=period[1])
    certificates = list(made.order_by("-pk"))
    rules = retention_law()
    destroyed = sum(one.total for one in certificates)
    yield figure(
        "Documents détruits avec certificat", destroyed, "Somme des certificats de la période.", rules.years.source
    )
    yield figure("Certificats de destruction", len(certificates), "Certificats établis dans la période.")
    wrong = sum(not is_true(one) for one in certificates[:LOOKED_AT])
    yield figure(
        "Certificats qui ne correspondent pas au journal", wrong, f"Vérifiés un à un, les {LOOKED_AT} derniers."
    )
    days = (timezone.localtime(period[0]).date(), timezone.localtime(period[1]).date())
    notices = RetentionNotice.objects.filter(warned_on__gte=days[0], warned_on__lt=days[1])
    told = notices.filter(told=True).count()
    yield figure("Destructions annoncées", told, "Avis envoyés aux agents.", rules.warned_days.source)
    untold = notices.filter(told=False).count()
    yield figure("Destructions sans personne à prévenir", untold, "Le compte était fermé le jour de l'avis.")
    yield figure("Suspensions en vigueur", Hold.objects.standing().count(), "Posées et non levées, ce jour.")
    yield figure("Suspensions posées ou levées", by_kind[AccessKind.HOLD_MANAGED], "Lignes du journal.")
    lines = AccessEvent.objects.filter(kind=AccessKind.JOURNAL_PURGED, at__gte=period[0], at__lt=period[1])
    gone = lines.aggregate(gone=Sum(Cast(KT("detail__lines"), IntegerField())))["gone"] or 0
    yield figure("Traces effacées au terme de leur durée", gone, "Lignes « Traces arrivées au terme » du journal.")


def _roles(period: Period) -> Iterable[Row]:
    """Acts on the file of somebody else, by role of who acts."""
    others = AccessEvent.objects.filter(at__gte=period[0], at__lt=period[1], actor__isnull=False, subject__isnull=False)
    counted = (
        others.exclude(actor=F("subject"))
        .order_by()
        .values("actor__groups__name")
        .annotate(count=Count("pk"), people=Count("actor", distinct=True))
    )
    found = {row["actor__groups__name"]: row for row in counted}
    for role in Role:
        row = found.get(role.value)
        if row is not None and role is not Role.TEACHER:
            yield Row(str(role.label), row["count"] if row["people"] >= FEW else HIDDEN)


def _unused(period: Period, until: dt.date) -> Iterable[Row]:
    """Habilitations in force at the end whose holder left no trace in the period, by role."""
    acted = AccessEvent.objects.filter(actor=OuterRef("user"), at__gte=period[0], at__lt=period[1])
    idle = Habilitation.objects.current(until).filter(~Exists(acted)).order_by().values("role")
    for row in idle.annotate(count=Count("pk")).order_by("role"):
        yield Row(str(Role(row["role"]).label), row["count"])


def _start(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
