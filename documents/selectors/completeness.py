"""Completeness at the first sending, counted from the sendings themselves (requirement S55). No name comes out of here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from documents.domain.completeness import FEW, FROM, Sending, Share, completeness_law, shares, whole_share
from documents.domain.procedures import procedures
from documents.domain.reviews import review_law
from documents.enums import SubmissionState
from documents.models import Review, Submission
from iprof.correspondence.audience import provider
from iprof.kernel.explain import Input, Node
from iprof.web.bar_charts import Bar, BarChart
from iprof.web.formats import french_value

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
NO_POST = "Sans affectation"
Row = tuple[int, str, dt.datetime, bool]  # owner, procedure, sent, complete at the first attempt


@dataclass(frozen=True, slots=True)
class Table:
    """`code` names it in the address of its CSV."""

    code: str
    label: str
    rows: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """How many sendings were sent back for a reason at their first examination; a node without value when too few
    people are behind."""

    label: str
    node: Node


@dataclass(frozen=True, slots=True)
class Completeness:
    """Of the sendings of one year. `published`: told by others, never mixed with ours."""

    year: int
    whole: Share
    tables: tuple[Table, ...]
    reasons: tuple[Given, ...]
    published: tuple[Node, ...]

    @property
    def chart(self) -> BarChart:
        bars = [Bar(share.label, share.percent, french_value(share.percent, "%")) for share in self.tables[0].rows]
        return BarChart("Envois complets au premier envoi, par procédure", tuple(bars))


def years() -> list[int]:
    """Those in which something was sent, the last first."""
    return [day.year for day in Submission.objects.datetimes("sent_at", "year", order="DESC")]


def completeness(year: int, *, on: dt.date) -> Completeness:
    """Three queries and those of the places, whatever the number of sendings."""
    judged = _judged(year)
    rows: list[Row] = [
        (owner, procedure, sent_at, bool(complete))
        for owner, procedure, sent_at, complete in judged.values_list("owner", "procedure", "sent_at", "first_complete")
    ]
    places = provider().departements(judged.values("owner"), on=on)
    return Completeness(
        year,
        whole_share(_grouped(rows, [""] * len(rows)), label=f"toutes procédures, {year}"),
        (_by_procedure(rows), _by_month(rows), _by_place(rows, places)),
        _reasons(judged),
        tuple(completeness_law().published.values()),
    )


def _judged(year: int) -> QuerySet[Submission]:
    """Whose first examination is over, and not taken back since."""
    return Submission.objects.filter(sent_at__year=year, first_complete__isnull=False).exclude(
        state=SubmissionState.WITHDRAWN
    )


def _grouped(rows: Iterable[Row], groups: Iterable[str]) -> list[Sending]:
    return [Sending(row[0], group, row[3]) for row, group in zip(rows, groups, strict=True)]


def _by_procedure(rows: list[Row]) -> Table:
    labels = {code: procedure.label for code, procedure in procedures().items()}
    groups = [labels.get(row[1], row[1]) for row in rows]
    order = dict.fromkeys([*labels.values(), *groups])
    return Table("procedure", "Par procédure", shares(_grouped(rows, groups), order=order))


def _by_month(rows: list[Row]) -> Table:
    groups = [MONTHS[timezone.localdate(row[2]).month - 1] for row in rows]
    return Table("mois", "Par mois d'envoi", shares(_grouped(rows, groups), order=MONTHS))


def _by_place(rows: list[Row], places: Mapping[int, str]) -> Table:
    groups = [places.get(row[0], NO_POST) for row in rows]
    return Table("departement", "Par département", shares(_grouped(rows, groups), order=sorted(set(groups))))


def _reasons(judged: QuerySet[Submission]) -> tuple[Given, ...]:
    """Each sending once by reason, the most given first; what holds few people last."""
    given = Review.objects.filter(
        accepted=False, use__attempt=1, use__submission__in=judged.filter(first_complete=False)
    ).values_list("reason", "use__submission", "use__submission__owner")
    sendings: dict[str, set[int]] = defaultdict(set)
    people: dict[str, set[int]] = defaultdict(set)
    for reason, submission, owner in given:
        sendings[reason].add(submission)
        people[reason].add(owner)
    found = [_given(code, len(sendings[code]), len(people[code])) for code in sendings]
    return tuple(sorted(found, key=lambda one: (-(one.node.value or 0), one.label)))  # type: ignore[operator]


def _given(code: str, sendings: int, people: int) -> Given:
    rules, reason = completeness_law(), review_law().reasons.get(code)
    label = reason.label if reason else code
    name = f"Envois renvoyés à l'agent : {label}"
    if people < rules.people:
        node = Node(name, None, "", "documents.motifs", rules.version, (rules.source,), sentence=FEW)
        return Given(label, node)
    inputs = (Input("Envois non complets où ce motif est donné", sendings, FROM),)
    sentence = "Chaque envoi compte une fois par motif ; un envoi peut en avoir plusieurs."
    return Given(
        label, Node(name, sendings, "envois", "documents.motifs", rules.version, (), inputs, sentence=sentence)
    )
