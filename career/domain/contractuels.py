"""Agents contractuels: until when their pay is to be examined again. They have neither grid nor échelon."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from career.domain import law
from career.domain.pay import french_date, origin_of, step_input
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import DatedValues
from iprof.kernel.explain import Input, Node
from iprof.kernel.periods import add_months

FILE = "contractuels.yaml"


@dataclass(frozen=True, slots=True)
class ContractLaw:
    """`months` between two examinations of pay, at most; `bounds` of the indices in words, None: not published."""

    corps: str
    months: DatedValues[int]
    bounds: DatedValues[tuple[str | None]]


def build_contract_law(folder: Path = law.LEGAL) -> ContractLaw:
    """Reads the file of the folder. Raises LawFileError naming file and key."""
    data = law.read(FILE, required={"label", "checked_on", "corps", "reexamination", "indices"}, folder=folder)
    return ContractLaw(
        law.text(data["corps"], f"{FILE}: corps"),
        law.dated(
            f"{FILE}: reexamination",
            data["reexamination"],
            data["checked_on"],
            {"months"},
            lambda e, where: law.whole(e["months"], f"{where}.months"),
        ),
        law.dated(
            f"{FILE}: indices",
            data["indices"],
            data["checked_on"],
            {"bounds"},
            lambda e, where: (None if e["bounds"] == law.UNKNOWN else law.text(e["bounds"], f"{where}.bounds"),),
        ),
    )


@lru_cache(maxsize=1)
def load_contract_law() -> ContractLaw:
    """The law of the project, read once per process."""
    return build_contract_law()


def next_reexamination(last: dt.date) -> dt.date:
    """The day by which pay is to be examined again, date to date from the last time it was set.

    Raises NotInForce before the first day of the text. Source: décret n° 86-83 du 17 janvier 1986, article 1-3.

    >>> next_reexamination(dt.date(2024, 9, 1))
    datetime.date(2027, 9, 1)
    """
    return add_months(last, load_contract_law().months.at(last).value)


def reexamination_node(steps: Sequence[CareerStepFact], on: dt.date, *, examined: bool = False) -> Node:
    """Until when the pay of a contractuel is to be examined again, explained, seen on the day `on`.

    `steps`: the places held under contract up to `on`, oldest first, the last one in force. `examined`: the last one
    is a decision taken during the contract, not a contract. A contract that the file tells after another counts from its own
    start: whether they followed without a break, which the file does not say, is told. Raises NotInForce.
    """
    current = steps[-1]
    rule = load_contract_law().months.at(current.effective_on)
    due_on = add_months(current.effective_on, rule.value)
    what = "Dernière décision transmise" if examined else "Début du contrat"
    said = [
        f"{what} le {french_date(current.effective_on)}, plus {rule.value} mois : {french_date(due_on)} au plus tard."
    ]
    if due_on <= on:
        said.append("Cette date est passée, et aucun réexamen n'a été transmis.")
    if len(steps) > 1 and not examined:
        said.append(
            f"Le dossier porte un contrat antérieur, du {french_date(steps[-2].effective_on)} : s'il s'est enchaîné sans "
            "interruption, le délai peut courir depuis celui-là."
        )
    said.append("Un réexamen n'est pas une augmentation : l'administration décide.")
    return Node(
        label="Réexamen de la rémunération, au plus tard",
        value=due_on,
        unit="date",
        rule="career.contractuels.reexamination",
        version=rule.since.isoformat(),
        sources=(rule.source,),
        inputs=(step_input(current), Input(what, current.effective_on, origin_of(current), current.recorded_on)),
        sentence=" ".join(said),
    )


def indices_node(on: dt.date, contract: ContractLaw | None = None) -> Node:
    """The bounds of the indices of contractuels, None while no text at hand gives them. Raises NotInForce."""
    rule = (contract or load_contract_law()).bounds.at(on)
    (bounds,) = rule.value
    return Node(
        label="Indices de rémunération",
        value=bounds,
        unit="",
        rule="career.contractuels.indices",
        version=rule.since.isoformat(),
        sources=(rule.source,),
        sentence=(
            "Chaque académie fixe ses indices dans les bornes d'un arrêté."
            if bounds
            else "Chaque académie fixe ses indices dans les bornes d'un arrêté ; les textes consultés ne donnent ni les uns ni les autres."
        ),
    )
