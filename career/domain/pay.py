"""Index and gross monthly pay on a day."""

import datetime as dt
from decimal import Decimal

from career.domain.grids import Grids, load_grids
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import NotInForce
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import format_euros, format_number, to_cents

MONTHS = 12


def monthly_gross(indice_majore: int, point_value: Decimal) -> Decimal:
    """Monthly gross index pay in EUR, rounded half up to the cent; `point_value` in EUR/point/year.

    Raises ValueError if `indice_majore` < 1. Source: décret n° 85-1148 du 24 octobre 1985, art. 3.
    >>> monthly_gross(500, Decimal("59.0734"))
    Decimal('2461.39')
    """
    if indice_majore < 1:
        raise ValueError(f"indice majoré {indice_majore}")
    return to_cents(indice_majore * point_value / MONTHS)


def place(step: CareerStepFact, grids: Grids | None = None) -> str:
    """« Professeur certifié, hors-classe, 3e échelon » with its chevron."""
    grids = grids or load_grids()
    corps = grids.corps.get(step.corps)
    if corps is None:
        return step.corps
    grade = corps.grades.get(step.grade)
    parts = [corps.person]
    if grade and grade.code != "grade_unique":
        parts.append(grade.label.lower())
    if step.echelon:
        parts.append(ordinal(step.echelon) + " échelon")
    if step.chevron:
        parts.append(ordinal(step.chevron) + " chevron")
    return ", ".join(parts)


def ordinal(number: int) -> str:
    """1er, 2e, 3e…"""
    return "1er" if number == 1 else f"{number}e"


def step_input(step: CareerStepFact) -> Input:
    return Input("Situation", place(step), origin_of(step), step.recorded_on)


def origin_of(step: CareerStepFact) -> str:
    return step.origin or "Situation saisie"


def indice_majore_node(step: CareerStepFact, on: dt.date) -> Node:
    """The index paid on a day, in points: the grid's, or the minimum of the fonction publique if that is higher.

    Raises NotInForce, UnknownFigure (index not published, corps without grid), DomainError (place that does not exist).
    Source: décret n° 2017-789 (grids), décret n° 85-1148 art. 8 (minimum).
    """
    grids = load_grids()
    if step.echelon is None:
        grids.find_grade(step.corps, step.grade)
    found = grids.index(step.corps, step.grade, step.echelon or 0, step.chevron, on)
    points, since, source = found.value, found.since, found.source
    sentence = f"L'indice majoré de cette situation est de {points} points depuis le {_fr(since)}."
    sources: tuple[LegalSource, ...] = (source,)
    try:
        floor = grids.minimum_index.at(on)
    except NotInForce:
        floor = None
    if floor and points < floor.value:
        sentence = (
            f"La grille donne {points} points. L'indice majoré minimum de la fonction publique est de {floor.value} "
            f"points depuis le {_fr(floor.since)} : c'est lui qui est payé."
        )
        points, since = int(floor.value), max(since, floor.since)
        sources = (source, floor.source)
    return Node(
        label="Indice majoré",
        value=points,
        unit="points d'indice",
        rule="career.pay.index",
        version=since.isoformat(),
        sources=sources,
        inputs=(step_input(step),),
        sentence=sentence,
    )


def monthly_gross_node(step: CareerStepFact, on: dt.date, index: Node | None = None) -> Node:
    """Gross monthly index pay on a day, in EUR, at full time, before any indemnité. Raises as `indice_majore_node`.

    `index` replaces that of the grid: an index kept in person.
    """
    index = index or indice_majore_node(step, on)
    point = load_grids().point_value.at(on)
    points = index.value
    assert isinstance(points, int)  # noqa: S101  (indice_majore_node always gives one)
    amount = monthly_gross(points, point.value)
    value = Node(
        label="Valeur annuelle du point d'indice",
        value=point.value,
        unit="€ par point et par an",
        rule="career.pay.point_value",
        version=point.since.isoformat(),
        sources=(point.source,),
        sentence=f"En vigueur depuis le {_fr(point.since)}.",
    )
    return Node(
        label="Traitement brut mensuel",
        value=amount,
        unit="€/mois",
        rule="career.pay.monthly_gross",
        version=max(index.version, value.version),
        sources=(point.source,),
        inputs=(step_input(step),),
        children=(index, value),
        sentence=(
            f"{points} points × {format_number(point.value)} € ÷ {MONTHS} = {format_euros(amount)} par mois, "
            "à temps plein, hors indemnités."
        ),
    )


_MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def _fr(day: dt.date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS_FR[day.month - 1]} {day.year}"


french_date = _fr
