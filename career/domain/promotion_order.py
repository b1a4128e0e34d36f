"""How the agents promotable to the classe exceptionnelle are told apart: ordered criteria, never a score."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.grids import load_grids
from career.domain.pay import ordinal
from iprof.kernel.dated import DatedValues
from iprof.kernel.explain import Input, Node

FILE = "promotions/ordre_classe_exceptionnelle.yaml"
NOT_HELD = "non connu du portail"
DEGREES = {1, 2}
FACTS = ("opinions", "corps", "grade", "echelon", "echelon_start", "born_on")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the criteria; `fact` names what a file holds of it, `single_source`: only one source gives this criterion."""

    fact: str
    label: str
    single_source: bool


@dataclass(frozen=True, slots=True)
class Order:
    """Criteria in the order they are looked at; evaluators by degree; balances the whole board must keep."""

    criteria: tuple[Criterion, ...]
    opinions: tuple[str, ...]
    evaluators: Mapping[int, tuple[str, ...]]
    balances: tuple[str, ...]


def build_order(folder: Path = law.LEGAL) -> DatedValues[Order]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "to_grade", "values"}, folder=folder)
    law.text(data["to_grade"], f"{FILE}: to_grade")
    return law.dated(
        FILE, data["values"], data["checked_on"], {"criteria", "opinions", "evaluators", "balances"}, _order
    )


def _order(entry: Mapping[str, Any], where: str) -> Order:
    evaluators = law.mapping(entry["evaluators"], f"{where}.evaluators")
    criteria = tuple(
        _criterion(raw, f"{where}.criteria") for raw in law.sequence(entry["criteria"], f"{where}.criteria")
    )
    if set(evaluators) != DEGREES:
        raise law.LawFileError(f"{where}.evaluators: expected the degrees 1 and 2")
    return Order(
        criteria,
        _texts(entry["opinions"], f"{where}.opinions"),
        {degree: _texts(names, f"{where}.evaluators.{degree}") for degree, names in evaluators.items()},
        _texts(entry["balances"], f"{where}.balances"),
    )


def _criterion(raw: Any, where: str) -> Criterion:
    law.check_keys(raw, {"fact", "label", "single_source"}, frozenset(), where)
    if raw["fact"] not in FACTS:
        raise law.LawFileError(f"{where}.fact: {raw['fact']!r}")
    single = law.flag(raw["single_source"], f"{where}.single_source")
    return Criterion(raw["fact"], law.text(raw["label"], f"{where}.label"), single)


def _texts(value: object, where: str) -> tuple[str, ...]:
    return tuple(law.text(one, where) for one in law.sequence(value, where))


@lru_cache(maxsize=1)
def load_order() -> DatedValues[Order]:
    """The criteria of the project, read once per process."""
    return build_order()


def evaluators_of(corps: str, on: dt.date) -> tuple[str, ...]:
    """Who gives an opinion on an agent of this corps. Raises NotInForce, DomainError("corps_unknown")."""
    degrees = load_grids().find_corps(corps).degrees
    order = load_order().at(on).value
    return tuple(dict.fromkeys(name for degree in degrees for name in order.evaluators[degree]))


def order_node(corps: str, on: dt.date, known: Mapping[str, Input]) -> Node:
    """The criteria on a day, one child each, in order. `known` gives what is held of each, by `fact`.

    What is not held is said so. Raises NotInForce, DomainError("corps_unknown").
    """
    found = load_order().at(on)
    version = found.since.isoformat()
    children = tuple(
        Node(
            criterion.label,
            known[criterion.fact].value if criterion.fact in known else NOT_HELD,
            "",
            "career.promotion.order.criterion",
            version,
            (replace(found.source, confidence="low") if criterion.single_source else found.source,),
            (known[criterion.fact],) if criterion.fact in known else (),
            sentence=f"{ordinal(rank)} critère. {_said(criterion, found.value, corps, on)}",
        )
        for rank, criterion in enumerate(found.value.criteria, start=1)
    )
    return Node(
        "Ordre d'examen",
        f"{len(children)} critères, l'un après l'autre",
        "",
        "career.promotion.order",
        version,
        (found.source,),
        children=children,
        sentence=(
            "Un critère ne départage que les agents égaux sur tous ceux qui le précèdent. Aucun point n'est attribué. "
            f"Le tableau tient aussi compte de : {', '.join(found.value.balances)}."
        ),
    )


def _said(criterion: Criterion, order: Order, corps: str, on: dt.date) -> str:
    if criterion.fact == "opinions":
        return (
            f"Avis possibles : {', '.join(order.opinions)}. Ils sont donnés par : "
            f"{', '.join(evaluators_of(corps, on))}."
        )
    if criterion.single_source:
        return "Ce critère ne figure que dans une des sources consultées."
    return "Regardé seulement entre agents égaux sur les critères précédents."
