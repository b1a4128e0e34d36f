"""Mean seniority in a grade, told so that no figure leads back to a person (requirement S47).

A group under `MIN_GROUP` persons is not shown. Nor is the smallest other échelon of its grade, then the next, until what
is left out holds two échelons and `MIN_GROUP` persons: the mean of the grade less the échelons shown would otherwise
give the hidden one. Numbers of persons are rounded down and means to the tenth of a year, so that two readings a day
apart do not give the person who came or left.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from career.domain.pay import french_date, origin_of, step_input
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import agreed, format_number

MIN_GROUP = 5
DAYS_A_YEAR, TENTH = Decimal("365.25"), Decimal("0.1")
UNIT, MEAN_RULE = "ans", "career.comparison.academie"
NOT_SHOWN = "non affiché"
HIDDEN = f"Moins de {MIN_GROUP} personnes : non affiché."
COMPLEMENT = f"Non affiché : avec les autres échelons, il révélerait un groupe de moins de {MIN_GROUP} personnes."
DEFINITION = (
    "Ancienneté dans le grade : du premier jour transmis dans ce corps et ce grade au {on}. Un historique transmis "
    "incomplet la raccourcit."
)


@dataclass(frozen=True, slots=True)
class Group:
    """Agents present on a day in an échelon of a grade: how many, and the sum of their days in the grade."""

    corps: str
    grade: str
    echelon: int | None
    people: int
    days: int


def in_years(days: int | Decimal) -> Decimal:
    """Rounded half up to the tenth.

    >>> in_years(1000)
    Decimal('2.7')
    """
    return (Decimal(days) / DAYS_A_YEAR).quantize(TENTH, ROUND_HALF_UP)


def whole_grade(groups: Iterable[Group]) -> Group | None:
    """The échelons of one grade gathered; None without any."""
    found = tuple(groups)
    if not found:
        return None
    people, days = sum(group.people for group in found), sum(group.days for group in found)
    return Group(found[0].corps, found[0].grade, None, people, days)


def may_be_shown(groups: Sequence[Group]) -> frozenset[int | None]:
    """The échelons of one grade whose figures give nobody away, the mean of the whole grade being known.

    >>> sizes = ((1, 3), (2, 8), (3, 40))
    >>> sorted(may_be_shown([Group("pe", "hors_classe", echelon, people, 0) for echelon, people in sizes]))
    [3]
    """
    hidden = [group for group in groups if group.people < MIN_GROUP]
    shown = sorted((group for group in groups if group.people >= MIN_GROUP), key=lambda g: (g.people, g.echelon or 0))
    while hidden and shown and (len(hidden) < 2 or sum(group.people for group in hidden) < MIN_GROUP):
        hidden.append(shown.pop(0))
    return frozenset(group.echelon for group in shown)


@dataclass(frozen=True, slots=True)
class Observation:
    """When and from what the groups were read."""

    on: dt.date
    origin: str
    loaded_on: dt.date | None


def group_node(label: str, groups: Sequence[Group], echelon: int | None, seen: Observation) -> Node:
    """The mean of an échelon of a grade, or of the whole grade, in years; the sentence says why there is none."""
    if echelon is None:
        group = whole_grade(groups)
    else:
        group = next((found for found in groups if found.echelon == echelon), None)
    if group is None or group.people < MIN_GROUP:
        return Node(label, NOT_SHOWN, "", MEAN_RULE, "", sentence=HIDDEN)
    if echelon is not None and echelon not in may_be_shown(groups):
        return Node(label, NOT_SHOWN, "", MEAN_RULE, "", sentence=COMPLEMENT)
    return _mean_node(label, group, seen)


def _mean_node(label: str, group: Group, seen: Observation) -> Node:
    at_least = group.people - group.people % MIN_GROUP
    return Node(
        label,
        in_years(Decimal(group.days) / group.people),
        UNIT,
        MEAN_RULE,
        "",
        inputs=(Input("Personnes du groupe", f"au moins {at_least}", seen.origin, seen.loaded_on),),
        sentence=f"Moyenne des agents présents le {french_date(seen.on)}. {DEFINITION.format(on=french_date(seen.on))}",
    )


def first_in_grade(steps: Iterable[CareerStepFact], now: Standing) -> CareerStepFact:
    """The first step in the corps and grade held, among steps in force."""
    same = (s for s in steps if (s.corps, s.grade) == (now.step.corps, now.step.grade))
    return min(same, key=lambda step: step.effective_on)


def own_node(first: CareerStepFact, now: Standing, on: dt.date) -> Node:
    """The agent's own seniority in the grade, in years."""
    since = first.effective_on
    return Node(
        "Vous",
        in_years((on - since).days),
        UNIT,
        "career.comparison.own",
        "",
        inputs=(step_input(now.step), Input("Premier jour dans le grade", since, origin_of(first), first.recorded_on)),
        sentence=DEFINITION.format(on=french_date(on)),
    )


def gap_node(own: Node, mean: Node) -> Node | None:
    """Own seniority less a mean, in years; None when either is unknown."""
    if not isinstance(own.value, Decimal) or not isinstance(mean.value, Decimal):
        return None
    gap = own.value - mean.value
    side = "de plus que la moyenne" if gap > 0 else "de moins que la moyenne" if gap else "comme la moyenne"
    own_years, mean_years, told = (format_number(value) for value in (own.value, mean.value, gap))
    return Node(
        "Écart avec la moyenne académique",
        gap,
        UNIT,
        "career.comparison.gap",
        "",
        sentence=f"{own_years} − {mean_years} = {told} {agreed(gap, UNIT)} : {side}.",
        children=(own, mean),
    )
