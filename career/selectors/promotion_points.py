"""The points of one campaign: barème, what each appréciation would give, gauge (S42)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings

from career.domain.bareme_hors_classe import APPRECIATIONS, bareme_node, bareme_of
from career.domain.pay import origin_of, step_input
from career.domain.progress import advanced
from career.domain.promotion_gauge import Gauge, gauge, gauge_node
from career.domain.refusals import unknown_node
from career.domain.snapshot import Standing
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.web.gauges import Scale

NO_POINTS = "Aucun point"


@dataclass(frozen=True, slots=True)
class Points:
    """`bareme` without value says why. `by_appreciation`: (name, barème) of each; gauge and position of the one held."""

    bareme: Node
    by_appreciation: tuple[tuple[str, Node], ...] = ()
    gauge: Gauge | None = None
    scale: Scale | None = None
    position: Node | None = None

    @property
    def any_bareme(self) -> Node | None:
        """A barème in whole points, that of the appréciation held if there is one; None out of the plage d'appel."""
        if isinstance(self.bareme.value, int):
            return self.bareme
        return self.by_appreciation[0][1] if self.by_appreciation else None


def points_of(now: Standing, *, year: int, observed_on: dt.date, appreciation: str) -> Points:
    """The points on the observation day, automatic advancement included; every appréciation when none is known."""
    try:
        rows = {code: _bareme(now, observed_on, code) for code in APPRECIATIONS}
        highest = bareme_of(now.step.corps, observed_on).value.highest
    except DomainError as error:
        unknown = without_value("Barème", now, error)
        return Points(replace(unknown, value=NO_POINTS) if error.code == "bareme_out_of_range" else unknown)
    named = tuple((APPRECIATIONS[code], node) for code, node in rows.items())
    if appreciation not in rows:
        return Points(_interval(rows, now), named)
    bareme = rows[appreciation]
    assert isinstance(bareme.value, int)  # noqa: S101  (bareme_node always gives one)
    found = gauge(bareme.value, highest, corps=now.step.corps, academie=settings.ACADEMIE_CODE, year=year)
    return Points(bareme, named, found, _scale(found, year), gauge_node(found, bareme))


def _scale(found: Gauge, year: int) -> Scale:
    return Scale(
        key=str(year),
        value=found.points,
        maximum=found.maximum,
        state=found.state,
        title=f"Barème de la campagne {year} : {found.word.lower()}",
        sentence=f"{found.sentence}.",
        threshold=found.threshold.points if found.threshold else None,
        near_from=found.near_from,
    )


def _bareme(now: Standing, observed_on: dt.date, appreciation: str) -> Node:
    then = advanced(now, observed_on)
    return bareme_node(
        corps=then.step.corps,
        grade=then.step.grade,
        echelon=then.step.echelon or 0,
        echelon_start=then.echelon_start,
        appreciation=appreciation,
        on=observed_on,
        origin=origin_of(now.step) if then == now else f"{origin_of(now.step)}, puis avancement automatique",
    )


def _interval(rows: dict[str, Node], now: Standing) -> Node:
    """From the lowest to the highest appréciation: as much as can be said without one."""
    ranked = sorted(rows.items(), key=lambda row: str(row[1].value).zfill(4))
    (low, least), (high, most) = ranked[0], ranked[-1]
    return Node(
        "Barème",
        f"{least.value} à {most.value} points",
        "",
        "career.bareme_hors_classe.interval",
        least.version,
        least.sources,
        (step_input(now.step),),
        (least, most),
        f"Il manque « appréciation finale » : de {least.value} (« {APPRECIATIONS[low]} ») à {most.value} "
        f"(« {APPRECIATIONS[high]} »).",
    )


def known(label: str, now: Standing, build: Callable[[], Node]) -> Node:
    """The node, or one without value whose sentence says why."""
    try:
        return build()
    except DomainError as error:
        return without_value(label, now, error)


def without_value(label: str, now: Standing, error: DomainError) -> Node:
    """A node that says why there is no figure."""
    return unknown_node(label, error, inputs=(step_input(now.step),))
