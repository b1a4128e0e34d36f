"""How long a document is kept, when its owner is warned, on which day it is destroyed (requirement S89, norm D24)."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from documents.domain.types import LEGAL, DocumentType
from iprof.kernel import law
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import add_months

FILE = "retention.yaml"
RULE = "documents.conservation"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """Years, months or days, as the file names them."""

    value: int
    source: LegalSource


@dataclass(frozen=True, slots=True)
class RetentionLaw:
    """`version` is the day of the last human check of the file (ISO)."""

    version: str
    years: Figure
    file_until_age: Figure
    refused_days: Figure
    warned_days: Figure


@dataclass(frozen=True, slots=True)
class Life:
    """What decides of a document. `last_use`: the day its last procedure was closed, None when it was sent to nobody;
    `in_use`: a procedure it was sent for is not closed; `warned_on`: when its owner was told of this end."""

    deposited_on: dt.date
    last_use: dt.date | None = None
    in_use: bool = False
    refused: bool = False
    held: bool = False
    warned_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """`kept_until`: the last day it is kept, None while a procedure or a hold suspends the count. `warn_on`: the day its
    owner is to be told, None when nobody is. `destroyed_on`: the first day it may be destroyed, None when not known."""

    kept_until: dt.date | None
    warn_on: dt.date | None
    destroyed_on: dt.date | None
    node: Node


def retention(kind: DocumentType | None, life: Life, rules: RetentionLaw) -> Retention:
    """Of a document whose content is held, or of a refused file. Nothing is destroyed before its owner was told
    `warned_days` ahead, even when the warning came late.

    Source: requirement S89 (ten years by default), type by type in types.yaml.
    """
    if life.refused:
        return _of_refused(life, rules)
    start = max(life.deposited_on, life.last_use or life.deposited_on)
    years = kind.retention_years if kind and kind.retention_years is not None else rules.years.value
    end = add_months(start, years * MONTHS)
    if life.in_use or life.held:
        return Retention(None, None, None, _node(None, kind, life, years, rules))
    wait = dt.timedelta(rules.warned_days.value)
    told = max(end - wait, life.warned_on) if life.warned_on else None
    return Retention(
        kept_until=end,
        warn_on=end - wait,
        destroyed_on=max(end + dt.timedelta(1), told + wait) if told else None,
        node=_node(end, kind, life, years, rules),
    )


def _of_refused(life: Life, rules: RetentionLaw) -> Retention:
    """No content is held: the row and its verdicts are forgotten."""
    end = life.deposited_on + dt.timedelta(rules.refused_days.value)
    node = Node(
        "Refus lisible jusqu'au",
        end,
        "date",
        RULE,
        rules.version,
        (rules.refused_days.source,),
        (Input("Reçu le", life.deposited_on, "dépôt"),),
        sentence=f"Un fichier refusé n'est pas gardé ; son refus reste lisible {rules.refused_days.value} jours.",
    )
    return Retention(end, None, end + dt.timedelta(1), node)


def _node(end: dt.date | None, kind: DocumentType | None, life: Life, years: int, rules: RetentionLaw) -> Node:
    inputs = [Input("Déposé le", life.deposited_on, "dépôt")]
    if kind:
        inputs.insert(0, Input("Type de document", kind.label, "déclaré"))
    if life.last_use:
        inputs.append(Input("Dernière procédure close le", life.last_use, "procédure"))
    own = kind is not None and kind.retention_years is not None
    sources = (kind.source if own and kind else rules.years.source, rules.warned_days.source)
    return Node(
        "Conservé jusqu'au",
        end,
        "date" if end else "",
        RULE,
        rules.version,
        sources,
        tuple(inputs),
        sentence=_sentence(life, years, rules.warned_days.value),
    )


def _sentence(life: Life, years: int, warned: int) -> str:
    if life.held:
        return "Une suspension protège ce document : il n'est pas détruit tant qu'elle n'est pas levée."
    if life.in_use:
        return f"Une procédure est en cours : la durée de {years} ans court à partir de sa clôture."
    since = "la clôture de la dernière procédure" if life.last_use else "le dépôt"
    return f"{years} ans depuis {since}. Vous êtes prévenu {warned} jours avant la destruction."


def build_retention(folder: Path = LEGAL) -> RetentionLaw:
    """Raises LawFileError."""
    names = {"default": "years", "file_until_age": "years", "refused_days": "days", "warned_days": "days"}
    data = law.read(FILE, required={"checked_on", *names}, folder=folder)
    figures = [_figure(data[name], unit, f"{FILE}: {name}", data["checked_on"]) for name, unit in names.items()]
    return RetentionLaw(data["checked_on"].isoformat(), *figures)


def _figure(entry: Any, unit: str, where: str, checked_on: dt.date) -> Figure:
    law.check_keys(entry, {unit, "source"}, frozenset({"confidence", "url"}), where)
    value = law.whole(entry[unit], where)
    if value <= 0:
        raise law.LawFileError(f"{where}: {value} is no duration")
    return Figure(value, law.source_of(entry, checked_on, where))


@cache
def retention_law() -> RetentionLaw:
    return build_retention()
