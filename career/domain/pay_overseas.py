"""Index pay majorated by place of service: overseas départements, and the correction of La Réunion."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from career.domain import law
from career.domain.part_time import FULL_TIME, gross_node
from career.domain.pay import french_date, step_input
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import fewest_digits, format_euros, format_number, to_cents
from iprof.kernel.text import sort_key

FILE = "pay/outre_mer.yaml"
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of service: `rates` None when no figure is known, `corrections` None where pay has no such factor."""

    code: str
    label: str
    rates: DatedValues[Decimal] | None
    corrections: DatedValues[Decimal] | None

    @property
    def is_majorated(self) -> bool:
        """Whether pay was ever higher there, as far as the rates are known."""
        return self.rates is not None and any(rate for _, rate in self.rates.items())


def build_places(folder: Path = law.LEGAL) -> dict[str, Place]:
    """Every place of the file, by code. Raises LawFileError."""
    data = law.read(FILE, required={"label", "unit", "checked_on", "places"}, folder=folder)
    places: dict[str, Place] = {}
    for code, entry in law.mapping(data["places"], f"{FILE}: places").items():
        where = f"{FILE}: {code}"
        law.check_keys(entry, {"label", "rates"}, frozenset({"corrections"}), where)
        values: dict[str, DatedValues[Decimal]] = {
            key: law.dated(
                f"{where}.{key}",
                entry[key],
                data["checked_on"],
                {"value"},
                lambda e, place: law.decimal(e["value"], place),
            )
            for key in ("rates", "corrections")
            if entry.get(key, law.UNKNOWN) != law.UNKNOWN
        }
        places[law.text(code, where)] = Place(
            code, law.text(entry["label"], f"{where}.label"), values.get("rates"), values.get("corrections")
        )
    return places


@lru_cache(maxsize=1)
def load_places() -> Mapping[str, Place]:
    """The places of the project, read once per process."""
    return build_places()


def find_place(name: str) -> Place | None:
    """By code or by label, whatever the accents and capitals.

    >>> find_place("La Réunion").code
    'reunion'
    """
    key = sort_key(name)
    return next(
        (place for place in load_places().values() if key in (sort_key(place.code), sort_key(place.label))), None
    )


def majorated_pay_node(
    step: CareerStepFact, place: Place, on: dt.date, quotite: Decimal = FULL_TIME, index: Node | None = None
) -> Node:
    """Monthly index pay on a day in a place, in EUR, rounded half up: pay × (1 + rate) × correction.

    Raises as `gross_node`, NotInForce before the first day of a rate, UnknownFigure("overseas_unpublished").
    Source: décrets n° 57-87, n° 57-333 and n° 2013-964; code général de la fonction publique art. L741-1.
    """
    if place.rates is None:
        raise UnknownFigure("overseas_unpublished", place=place.label)
    gross = gross_node(step, on, quotite, index)
    rate = place.rates.at(on)
    said = Input("Lieu d'exercice", place.label, "Lieu choisi")
    factors = [
        Node(
            label="Taux de la majoration",
            value=rate.value,
            unit="",
            rule="career.pay.overseas.rate",
            version=rate.since.isoformat(),
            sources=(rate.source,),
            inputs=(said,),
            sentence=f"{_percent(rate.value)} du traitement brut depuis le {french_date(rate.since)} ({place.label}).",
        )
    ]
    factor, since, shown = ONE + rate.value, rate.since, [format_number(ONE + rate.value)]
    if place.corrections is not None:
        correction = place.corrections.at(on)
        factor, since = factor * correction.value, max(since, correction.since)
        shown.append(format_number(correction.value))
        factors.append(
            Node(
                label="Index de correction",
                value=correction.value,
                unit="",
                rule="career.pay.overseas.correction",
                version=correction.since.isoformat(),
                sources=(correction.source,),
                inputs=(said,),
                sentence=f"Le traitement majoré est multiplié par {format_number(correction.value)} ({place.label}).",
            )
        )
    paid = gross.value
    assert isinstance(paid, Decimal)  # noqa: S101  (gross_node always gives one)
    amount = to_cents(paid * factor)
    product = " × ".join([format_euros(paid), *shown])
    return Node(
        label="Traitement majoré mensuel",
        value=amount,
        unit="€/mois",
        rule="career.pay.overseas",
        version=max(gross.version, since.isoformat()),
        sources=tuple(node.sources[0] for node in factors),
        inputs=(step_input(step), said),
        children=(gross, *factors),
        sentence=(
            f"{product} = {format_euros(amount)} par mois, soit {_percent(factor - ONE)} de plus que le traitement brut."
        ),
    )


def overseas_gain_node(step: CareerStepFact, place: Place, on: dt.date, quotite: Decimal = FULL_TIME) -> Node:
    """What the same step is paid more each month in a place, in EUR. Raises as `majorated_pay_node`."""
    there = majorated_pay_node(step, place, on, quotite)
    gross = there.children[0]
    paid, before = there.value, gross.value
    assert isinstance(paid, Decimal)  # noqa: S101  (majorated_pay_node always gives one)
    assert isinstance(before, Decimal)  # noqa: S101
    return Node(
        label=f"Écart mensuel, {place.label}",
        value=paid - before,
        unit="€/mois",
        rule="career.pay.overseas.gain",
        version=there.version,
        sources=there.sources,
        children=(there,),
        sentence=f"{format_euros(paid)} − {format_euros(before)} = {format_euros(paid - before)} par mois, au même échelon.",
    )


def _percent(share: Decimal) -> str:
    return f"{fewest_digits(share * 100).replace('.', ',')} %"
