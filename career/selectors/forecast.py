"""« Ce qui est incertain »: chances, intervals and ranges of dates ahead of an agent (requirements S77, S82)."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from career.domain.chances import published_chances
from career.domain.forecast import Forecast, forecast, plan
from career.domain.forecast_nodes import (
    Basis,
    bonification_node,
    dates_node,
    grade_node,
    interval,
    interval_node,
    place_chances,
    place_node,
    rate_nodes,
)
from career.domain.pay import ordinal, place
from career.domain.projection import open_bonifications
from career.domain.promotion_conditions import GRADE_NAMES, load_access
from career.domain.snapshot import Standing
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.kernel.periods import add_months
from iprof.web.charts import Band, BandChart

SHOWN = 6  # places named at the end of the period; the others are counted together
RARE = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class ForecastYear:
    """One day of the table: the chance of each grade, the interval of pay."""

    on: dt.date
    grades: tuple[Node, ...]
    pay: Node


@dataclass(frozen=True, slots=True)
class Possible:
    """A place possible at the end of the period."""

    place: str
    chance: Node


@dataclass(frozen=True, slots=True)
class ForecastView:
    """`others`: how many rarer places are not named. `stopped`: why some careers are not followed to
    the end, in French, with their share."""

    until: dt.date
    grade_names: tuple[str, ...]
    years: tuple[ForecastYear, ...]
    dates: tuple[Node, ...]
    places: tuple[Possible, ...]
    others: int
    stopped: tuple[tuple[str, Node], ...]
    assumptions: tuple[Node, ...]
    chart: BandChart | None


def forecast_view(now: Standing, *, on: dt.date, years: int) -> ForecastView | None:
    """None where nothing is uncertain. No query. Raises DomainError when the present place cannot be paid."""
    until = add_months(on, 12 * years)
    chances, rates = published_chances(now.step.corps, on.year, until.year)
    days = [add_months(on, 12 * number) for number in range(years + 1)]
    found = forecast(now, plan(now.step.corps, on=on, days=days, chances=chances))
    grades = [grade for grade in GRADE_NAMES if found.promotions.get(grade)]
    bonified = bool(open_bonifications(now, on=on, until=until))
    if not grades and not bonified:
        return None
    used = [rate for rate in rates if rate.grade in grades and _counts(rate.grade, rate.year, on, until)]
    basis = Basis(on, (*((bonification_node(),) if bonified else ()), *rate_nodes(used)))
    places = place_chances(found, until)
    named = [(step, chance) for step, chance in places if chance >= RARE][:SHOWN]
    return ForecastView(
        until,
        tuple(GRADE_NAMES[grade].capitalize() for grade in grades),
        tuple(
            ForecastYear(
                day, tuple(grade_node(found, grade, day, basis) for grade in grades), interval_node(found, day, basis)
            )
            for day in days
        ),
        tuple(_dates(found, grades, now, until, basis)),
        tuple(Possible(place(step), place_node(step, chance, until, basis)) for step, chance in named),
        len(places) - len(named),
        tuple(_stopped(found, until, basis)),
        basis.assumptions,
        _chart(found, days),
    )


def _counts(grade: str, year: int, on: dt.date, until: dt.date) -> bool:
    access = load_access()[grade]
    return on < access.effect_day(access.observation_day(year)) <= until


def _dates(found: Forecast, grades: list[str], now: Standing, until: dt.date, basis: Basis) -> list[Node]:
    """The promotions, and the échelons of the present grade whose day is not certain."""
    nodes = [
        dates_node(f"Passage à la {GRADE_NAMES[grade]}", found.days_of_grade(grade), until, basis) for grade in grades
    ]
    for grade, echelon in sorted(found.entries):
        days = found.days_of_echelon(grade, echelon)
        if grade == now.step.grade and (len(days) > 1 or sum(days.values()) < 1):
            nodes.append(dates_node(f"Passage au {ordinal(echelon)} échelon", days, until, basis))
    return nodes


def _stopped(found: Forecast, until: dt.date, basis: Basis) -> list[tuple[str, Node]]:
    shares: dict[str, Fraction] = {}
    steps = {}
    for outcome in found.views[until]:
        if outcome.stopped:
            said = explain_error(outcome.stopped)
            shares[said] = shares.get(said, Fraction(0)) + outcome.chance
            steps[said] = outcome.standing.step
    return [(said, place_node(steps[said], share, until, basis)) for said, share in shares.items()]


def _chart(found: Forecast, days: list[dt.date]) -> BandChart | None:
    bounds = [(day, interval(found, day)) for day in days]
    bands = tuple(Band(day, known.least, known.low, known.high, known.most) for day, known in bounds if known)
    if len(bands) < len(days):
        return None
    return BandChart("Brut mensuel possible, année par année", bands, "€/mois")


def forecast_or_reason(now: Standing | None, *, on: dt.date, years: int) -> tuple[ForecastView | None, str]:
    """The view, or why there is none, in French (empty when nothing is uncertain)."""
    if now is None:
        return None, ""
    try:
        return forecast_view(now, on=on, years=years), ""
    except DomainError as error:
        return None, explain_error(error)
