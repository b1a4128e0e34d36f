"""The clock of a request on personal data, and what founds a refusal (RGPD art. 12 and 17, requirement S90, norm D22)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from documents.domain.types import LEGAL
from iprof.kernel import law
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import add_months
from iprof.kernel.working_days import next_open_day

FILE = "rights.yaml"
RULE = "documents.delai-de-reponse"


@dataclass(frozen=True, slots=True)
class Ground:
    code: str
    label: str
    source: LegalSource


@dataclass(frozen=True, slots=True)
class RightsLaw:
    """`version` is the day of the last human check of the file (ISO)."""

    version: str
    answer_months: int
    answer: LegalSource
    extension_months: int
    extension: LegalSource
    carried: LegalSource
    erasure: LegalSource
    portability: LegalSource
    grounds: Mapping[str, Ground]


@dataclass(frozen=True, slots=True)
class Clock:
    """`answer_by`: the last day to answer, or to tell that more is needed; `extended_to`: the last day once extended."""

    answer_by: dt.date
    extended_to: dt.date


def clock(received_on: dt.date, rules: RightsLaw) -> Clock:
    """Months run from date to date; without that day in the month, its last day; a closed day is carried over to the
    next open one. The two months add to the first: both are counted from the receipt.

    Source: RGPD art. 12 § 3; règlement n° 1182/71, art. 3.
    """
    first = add_months(received_on, rules.answer_months)
    last = add_months(received_on, rules.answer_months + rules.extension_months)
    return Clock(next_open_day(first), next_open_day(last))


def clock_node(received_on: dt.date, rules: RightsLaw, *, extended: bool = False) -> Node:
    """The day the answer is due, and why."""
    found = clock(received_on, rules)
    months = rules.answer_months + (rules.extension_months if extended else 0)
    return Node(
        "Réponse due au plus tard le",
        found.extended_to if extended else found.answer_by,
        "date",
        RULE,
        rules.version,
        (rules.answer, *((rules.extension,) if extended else ()), rules.carried),
        (Input("Demande reçue le", received_on, "portail"),),
        sentence=f"{months} mois à compter de la réception ; un jour non ouvré est reporté au jour ouvré suivant.",
    )


def build_rights(folder: Path = LEGAL) -> RightsLaw:
    """Raises LawFileError."""
    singles = ("carried", "erasure", "portability")
    required = {"checked_on", "answer_months", "extension_months", "grounds", *singles}
    data = law.read(FILE, required=required, folder=folder)
    checked = data["checked_on"]
    answer, extension = (_months(data[name], name, checked) for name in ("answer_months", "extension_months"))
    carried, erasure, portability = (_source(data[one], {"source"}, f"{FILE}: {one}", checked) for one in singles)
    grounds = {code: _ground(code, entry, checked) for code, entry in law.mapping(data["grounds"], FILE).items()}
    return RightsLaw(
        version=checked.isoformat(),
        answer_months=answer[0],
        answer=answer[1],
        extension_months=extension[0],
        extension=extension[1],
        carried=carried,
        erasure=erasure,
        portability=portability,
        grounds=grounds,
    )


def _months(entry: Any, name: str, checked: dt.date) -> tuple[int, LegalSource]:
    where = f"{FILE}: {name}"
    source = _source(entry, {"months", "source"}, where, checked)
    return law.whole(entry["months"], where), source


def _ground(code: str, entry: Any, checked: dt.date) -> Ground:
    where = f"{FILE}: {code}"
    source = _source(entry, {"label", "source"}, where, checked)
    return Ground(code, law.text(entry["label"], where), source)


def _source(entry: Any, keys: set[str], where: str, checked: dt.date) -> LegalSource:
    law.check_keys(entry, keys, frozenset({"confidence", "url"}), where)
    return law.source_of(entry, checked, where)


@cache
def rights_law() -> RightsLaw:
    return build_rights()
