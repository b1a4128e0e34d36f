"""Hours worked and trainings followed, side by side by school year (requirements S63, S64)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from career.domain.trainings import TrainingFact, hours_node, whole_or_short
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import agreed

RULE = "career.services.hours"


@dataclass(frozen=True, slots=True)
class ServiceFact:
    """A service validated by the head of school: hours a week due and done, HSA (a week), HSE (hours)."""

    ref: str
    school_year: int
    place: str
    hours_due: Decimal
    hours_done: Decimal
    hsa: Decimal
    hse: Decimal
    validated_on: dt.date
    origin: str
    recorded_on: dt.date


@dataclass(frozen=True, slots=True)
class Year:
    """One school year of the corridor, `first` being the year of its rentrée. What is newest comes first on each side."""

    first: int
    services: tuple[ServiceFact, ...]
    trainings: tuple[TrainingFact, ...]
    hse: Node
    training_hours: Node

    @property
    def name(self) -> str:
        return f"{self.first}-{self.first + 1}"


def hse_node(services: Sequence[ServiceFact]) -> Node:
    """The sum of the heures supplémentaires effectives of these services, each an input: a plain sum of what was sent.

    >>> hse_node([]).value
    Decimal('0')
    """
    kept = sorted((one for one in services if one.hse), key=lambda one: (one.validated_on, one.ref))
    inputs = tuple(
        Input(one.place, f"{_french(one.hse)} {agreed(one.hse, 'heures')}", one.origin, one.recorded_on) for one in kept
    )
    total = whole_or_short(sum((one.hse for one in kept), Decimal(0)))
    terms = " + ".join(_french(one.hse) for one in kept)
    sentence = f"{terms} = {_french(total)} {agreed(total, 'heures')}." if len(kept) > 1 else ""
    return Node(
        "Heures supplémentaires effectives validées", total, "heures", RULE, "", inputs=inputs, sentence=sentence
    )


def corridor(services: Iterable[ServiceFact], trainings: Iterable[TrainingFact]) -> tuple[Year, ...]:
    """The school years that have either, the newest first."""
    hours: dict[int, list[ServiceFact]] = {}
    courses: dict[int, list[TrainingFact]] = {}
    for service in services:
        hours.setdefault(service.school_year, []).append(service)
    for training in trainings:
        courses.setdefault(training.school_year, []).append(training)
    return tuple(
        _year(first, hours.get(first, []), courses.get(first, [])) for first in sorted({*hours, *courses}, reverse=True)
    )


def _year(first: int, services: list[ServiceFact], trainings: list[TrainingFact]) -> Year:
    services.sort(key=lambda one: (one.validated_on, one.ref), reverse=True)
    trainings.sort(key=lambda one: (one.ends_on, one.ref), reverse=True)
    return Year(
        first, tuple(services), tuple(trainings), hse_node(services), hours_node("Heures de formation", trainings)
    )


def _french(value: Decimal) -> str:
    return str(whole_or_short(value)).replace(".", ",")
