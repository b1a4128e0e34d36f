"""Hours of training added up, whole, by competence and by school year, each sum with the trainings it is made of."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from iprof.kernel.explain import Input, Node
from iprof.kernel.money import agreed
from iprof.kernel.periods import school_year

RULE = "career.trainings.hours"
NO_COMPETENCE = "Compétence non précisée"


@dataclass(frozen=True, slots=True)
class TrainingFact:
    """A training followed: `hours` as transmitted, `origin` who recorded it, `certifying` whether it certifies."""

    ref: str
    label: str
    starts_on: dt.date
    ends_on: dt.date
    hours: Decimal
    competence: str
    origin: str
    certifying: bool
    recorded_on: dt.date

    @property
    def key(self) -> str:
        """« kind:ref », as a request of rectification names it."""
        return f"formation:{self.ref}"

    @property
    def school_year(self) -> int:
        """The year of the rentrée of the school year it ended in."""
        return school_year(self.ends_on)


@dataclass(frozen=True, slots=True)
class Group:
    """Trainings that share a competence or a school year, and their hours explained."""

    name: str
    facts: tuple[TrainingFact, ...]
    hours: Node

    @property
    def certified(self) -> int:
        return sum(fact.certifying for fact in self.facts)


def whole_or_short(value: Decimal) -> Decimal:
    """Without useless zeros nor exponent.

    >>> whole_or_short(Decimal("12.00")), whole_or_short(Decimal("7.50"))
    (Decimal('12'), Decimal('7.5'))
    """
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def hours_node(label: str, facts: Sequence[TrainingFact]) -> Node:
    """The sum of the hours of these trainings, each an input. No text founds it: it is a plain sum of what was sent.

    >>> hours_node("Heures", []).value
    Decimal('0')
    """
    inputs = tuple(
        Input(fact.label, f"{_french(fact.hours)} {agreed(fact.hours, 'heures')}", fact.origin, fact.recorded_on)
        for fact in sorted(facts, key=lambda fact: (fact.starts_on, fact.ref))
    )
    terms = " + ".join(_french(fact.hours) for fact in sorted(facts, key=lambda fact: (fact.starts_on, fact.ref)))
    total = whole_or_short(sum((fact.hours for fact in facts), Decimal(0)))
    sentence = f"{terms} = {_french(total)} {agreed(total, 'heures')}." if len(facts) > 1 else ""
    return Node(label, total, "heures", RULE, "", inputs=inputs, sentence=sentence)


def by_competence(facts: Sequence[TrainingFact]) -> tuple[Group, ...]:
    """The competence with the most hours first."""
    groups = _grouped(facts, lambda fact: fact.competence or NO_COMPETENCE)
    return tuple(sorted(groups, key=lambda group: (-_hours(group), group.name)))


def by_school_year(facts: Sequence[TrainingFact]) -> tuple[Group, ...]:
    """The latest school year first, named « 2025-2026 »."""
    groups = _grouped(facts, lambda fact: f"{fact.school_year}-{fact.school_year + 1}")
    return tuple(sorted(groups, key=lambda group: group.name, reverse=True))


def _grouped(facts: Sequence[TrainingFact], key: Callable[[TrainingFact], str]) -> list[Group]:
    found: dict[str, list[TrainingFact]] = {}
    for fact in facts:
        found.setdefault(key(fact), []).append(fact)
    return [Group(name, tuple(rows), hours_node(name, rows)) for name, rows in found.items()]


def _hours(group: Group) -> Decimal:
    return sum((fact.hours for fact in group.facts), Decimal(0))


def _french(hours: Decimal) -> str:
    return str(whole_or_short(hours)).replace(".", ",")
