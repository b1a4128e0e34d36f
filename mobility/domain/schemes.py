"""Specific schemes as data (mobility/legal/schemes): who, when, what is asked, whose opinion (requirements S58, S80, S81).

What no text says is a node without value: shown « non publié », never guessed.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from iprof.kernel import law
from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource
from mobility.domain.facts import Degree

FOLDER = Path(__file__).resolve().parents[1] / "legal" / "schemes"
KEYS = {
    "order", "label", "family", "summary", "degrees", "checked_on", "sources", "facts", "calendar",
    "opinions", "fields", "pieces", "steps", "guide",
}  # fmt: skip
OPTIONAL = frozenset({"label_setting", "brief", "place"})
FAMILIES = {
    "postes": "Postes choisis sur profil", "outre_mer": "Outre-mer", "etranger": "Étranger", "premier_degre": "Premier degré",
}  # fmt: skip
WHO = "Qui peut demander"
NOT_PUBLISHED = "Aucun texte lu ne le dit : non publié."


class FieldKind(StrEnum):
    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    PLACE = "place"  # a département, by code


class Adviser(StrEnum):
    """Who gives an opinion on the portal."""

    HEAD = "chef"
    OFFICE = "gestionnaire"


@dataclass(frozen=True, slots=True)
class FieldLaw:
    """A question of the form. `private`: never shown to the head of the school. `least` and `most` for a number."""

    code: str
    label: str
    kind: FieldKind
    required: bool
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    private: bool = False
    least: int = 0
    most: int = 99


@dataclass(frozen=True, slots=True)
class Scheme:
    """`label_setting` names the setting that words the label, where the brief alone gives the name (tension T11);
    `brief`: known by the brief alone, never said as law. `pieces` maps pieces of the procedure « dispositif » to whether
    they are required. `place` is a place of career/legal/pay/outre_mer.yaml, empty when it is none."""

    code: str
    order: int
    label: str
    label_setting: str
    family: str
    summary: str
    degrees: tuple[Degree, ...]
    brief: bool
    place: str
    facts: tuple[Node, ...]
    calendar: tuple[Node, ...]
    fields: tuple[FieldLaw, ...]
    pieces: Mapping[str, bool]
    opinions: tuple[Adviser, ...]
    steps: tuple[str, ...]
    guide: str

    @property
    def who(self) -> Node | None:
        """Who may ask, as the sources tell; None when none of them was read on it."""
        return next((node for node in self.facts if node.label == WHO), None)

    @property
    def sources(self) -> tuple[LegalSource, ...]:
        found = [source for node in (*self.facts, *self.calendar) for source in node.sources]
        return tuple(dict.fromkeys(found))

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(code for code, required in self.pieces.items() if required)


def build_schemes(folder: Path = FOLDER, *, pieces: Collection[str] | None = None) -> dict[str, Scheme]:
    """By code, in their order. `pieces` are those the procedure knows. Raises LawFileError."""
    found = [_scheme(path.name, folder, pieces) for path in sorted(folder.glob("*.yaml"))]
    return {one.code: one for one in sorted(found, key=lambda one: (one.order, one.code))}


def _scheme(name: str, folder: Path, known: Collection[str] | None) -> Scheme:
    data = law.read(name, required=KEYS, optional=OPTIONAL, folder=folder)
    code, checked = name.removesuffix(".yaml"), data["checked_on"]
    sources = {
        key: law.source_of(entry, checked, f"{name}: {key}")
        for key, entry in law.mapping(data["sources"], name).items()
    }
    rule = f"mobility.scheme.{code}"
    return Scheme(
        code=code,
        order=law.whole(data["order"], name),
        label=data["label"],
        label_setting=law.text(data["label_setting"], name) if "label_setting" in data else "",
        family=_one_of(data["family"], FAMILIES, f"{name}: family"),
        summary=law.text(data["summary"], name),
        degrees=tuple(
            Degree(_one_of(one, tuple(Degree), f"{name}: degrees")) for one in law.sequence(data["degrees"], name)
        ),
        brief=law.flag(data.get("brief", False), name),
        place=law.text(data["place"], name) if "place" in data else "",
        facts=tuple(_fact(one, sources, rule, checked, name) for one in law.sequence(data["facts"], name)),
        calendar=tuple(_moment(one, sources, rule, checked, name) for one in law.sequence(data["calendar"], name)),
        fields=tuple(_field(key, one, name) for key, one in law.mapping(data["fields"], name).items()),
        pieces={key: _piece(key, one, known, name) for key, one in law.mapping(data["pieces"], name).items()},
        opinions=tuple(_opinion(one, sources, name) for one in data["opinions"] or ()),
        steps=tuple(law.text(one, name) for one in law.sequence(data["steps"], name)),
        guide=law.text(data["guide"], name).strip(),
    )


def _one_of(value: Any, allowed: Collection[Any], where: str) -> str:
    if value not in [str(one) for one in allowed]:
        raise law.LawFileError(f"{where}: {value!r}")
    return str(value)


def _cited(entry: Mapping[str, Any], sources: Mapping[str, LegalSource], where: str) -> tuple[LegalSource, ...]:
    if entry.get("source") not in sources:
        raise law.LawFileError(f"{where}: unknown source {entry.get('source')!r}")
    return (sources[entry["source"]],)


def _fact(entry: Any, sources: Mapping[str, LegalSource], rule: str, checked: dt.date, name: str) -> Node:
    where = f"{name}: facts"
    law.check_keys(entry, {"label", "text"}, frozenset({"source"}), where)
    label, told = law.text(entry["label"], where), law.text(entry["text"], where)
    if told == law.UNKNOWN:
        return unpublished(label, rule, checked)
    return Node(label, told, "", rule, checked.isoformat(), _cited(entry, sources, where), sentence=told)


def _moment(entry: Any, sources: Mapping[str, LegalSource], rule: str, checked: dt.date, name: str) -> Node:
    where = f"{name}: calendar"
    law.check_keys(entry, {"label", "day"}, frozenset({"until", "hour", "source"}), where)
    label = law.text(entry["label"], where)
    if entry["day"] == law.UNKNOWN:
        return unpublished(label, rule, checked)
    day, more = law.day(entry["day"], where), ""
    if "until" in entry:
        more = f"Jusqu'au {law.day(entry['until'], where):%d/%m/%Y}."
    if "hour" in entry:
        more = f"À {law.text(entry['hour'], where)}, heure de Paris."
    return Node(label, day, "date", rule, checked.isoformat(), _cited(entry, sources, where), sentence=more)


def unpublished(label: str, rule: str, checked: dt.date) -> Node:
    return Node(label, None, "", rule, checked.isoformat(), sentence=NOT_PUBLISHED)


def _field(code: Any, entry: Any, name: str) -> FieldLaw:
    where = f"{name}: {code}"
    optional = frozenset({"help", "choices", "private", "least", "most"})
    law.check_keys(entry, {"label", "kind", "required"}, optional, where)
    kind = FieldKind(_one_of(entry["kind"], tuple(FieldKind), where))
    if (kind is FieldKind.CHOICE) != ("choices" in entry):
        raise law.LawFileError(f"{where}: choices")
    choices = law.mapping(entry["choices"], where) if "choices" in entry else {}
    return FieldLaw(
        code=law.text(code, where),
        label=law.text(entry["label"], where),
        kind=kind,
        required=law.flag(entry["required"], where),
        help=law.text(entry["help"], where) if "help" in entry else "",
        choices=tuple((law.text(key, where), law.text(label, where)) for key, label in choices.items()),
        private=law.flag(entry.get("private", False), where),
        least=law.whole(entry.get("least", 0), where),
        most=law.whole(entry.get("most", 99), where),
    )


def _piece(code: Any, entry: Any, known: Collection[str] | None, name: str) -> bool:
    where = f"{name}: {code}"
    law.check_keys(entry, {"required"}, frozenset(), where)
    if known is not None and code not in known:
        raise law.LawFileError(f"{where}: unknown piece")
    return law.flag(entry["required"], where)


def _opinion(entry: Any, sources: Mapping[str, LegalSource], name: str) -> Adviser:
    where = f"{name}: opinions"
    law.check_keys(entry, {"by", "source"}, frozenset(), where)
    _cited(entry, sources, where)
    return Adviser(_one_of(entry["by"], tuple(Adviser), where))


@cache
def schemes() -> Mapping[str, Scheme]:
    return build_schemes()
