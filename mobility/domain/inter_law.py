"""Items of the mouvement interacadémique: figures by session, and whether they are kept in extension."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from iprof.kernel import law
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import NotInForce
from iprof.kernel.legal import LegalSource
from mobility.domain.law import LEGAL, by_session, first_day
from mobility.domain.sessions import session_of

FILE = "inter/items.yaml"
KEPT = {"oui": True, "non": False, "non_publie": None}
AMOUNTS: dict[str, set[str]] = {
    "anciennete_service": set(),
    "anciennete_poste": {"par_an", "par_quatre_ans", "stagiaire_ex_titulaire"},
    "rc": {"points"},
    "enfants": {"points"},
    "separation": {"stagiaire", "conge"},
    "non_limitrophe": {"academies", "departements"},
    "apc": {"points"},
    "parent_isole": {"points"},
    "mutation_simultanee": {"points"},
    "handicap_boe": {"points"},
    "handicap_1000": {"points"},
    "ep_rep_plus": {"points", "annees"},
    "ep_rep": {"points", "annees"},
    "cla": {"points", "annees"},
    "pop_sortie": {"points", "annees"},
    "mayotte_guyane": {"points", "annees", "annees_guyane_isole"},
    "stag_ex_contractuel": set(),
    "stag_10": {"points"},
    "stag_01": {"points"},
    "stag_ex_fonctionnaire": {"points"},
    "reintegration": {"points"},
    "cimm": {"points"},
    "corse_voeu_unique": {"stagiaire", "stagiaire_ex_contractuel", "deuxieme", "troisieme"},
    "voeu_preferentiel": {"par_an", "plafond"},
    "sportif_haut_niveau": {"par_an", "annees"},
}
TABLES: dict[str, set[str]] = {
    "anciennete_service": {
        "classe_normale",
        "hors_classe",
        "hors_classe_agrege",
        "agrege_dernier_echelon",
        "classe_exceptionnelle",
    },
    "separation": {"annees"},
    "stag_ex_contractuel": {"echelons"},
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one item and one session: named amounts, and tables by échelon or number of years."""

    amounts: Mapping[str, Decimal]
    tables: Mapping[str, Mapping[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Item:
    """An item in force: `version` is its first day in force (ISO); `kept` None: the texts do not say."""

    id: str
    label: str
    kept: bool | None
    figures: Figures
    version: str
    source: LegalSource

    @property
    def points(self) -> Decimal:
        return self.figures.amounts["points"]

    def amount(self, name: str) -> Decimal:
        return self.figures.amounts[name]

    def table(self, name: str) -> Mapping[Decimal, Decimal]:
        return self.figures.tables[name]


@dataclass(frozen=True, slots=True)
class ItemLaw:
    """An item through the sessions."""

    id: str
    label: str
    kept: bool | None
    values: DatedValues[Figures]

    def at(self, session: int) -> Item | None:
        """None when the session does not have it."""
        try:
            found = self.values.at(first_day(session))
        except NotInForce:
            return None
        return Item(self.id, self.label, self.kept, found.value, found.since.isoformat(), found.source)


def build_items(folder: Path = LEGAL) -> dict[str, ItemLaw]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"checked_on", "items"}, folder=folder)
    law.check_keys(data["items"], set(AMOUNTS), frozenset(), FILE)
    return {name: _item(name, entry, data["checked_on"]) for name, entry in data["items"].items()}


def _item(name: str, entry: Mapping[str, Any], checked_on: dt.date) -> ItemLaw:
    where = f"{FILE}: {name}"
    law.check_keys(entry, {"label", "kept_in_extension", "sessions"}, frozenset(), where)
    if entry["kept_in_extension"] not in KEPT:
        raise law.LawFileError(f"{where}: kept_in_extension {entry['kept_in_extension']!r}")
    values = by_session(where, entry["sessions"], checked_on, {"figures"}, lambda one, at: _figures(name, one, at))
    return ItemLaw(name, law.text(entry["label"], where), KEPT[entry["kept_in_extension"]], values)


def _figures(name: str, entry: Mapping[str, Any], where: str) -> Figures:
    figures, tables = entry["figures"], TABLES.get(name, set())
    law.check_keys(figures, AMOUNTS[name] | tables, frozenset(), where)
    return Figures(
        {key: law.decimal(figures[key], f"{where}.{key}") for key in sorted(AMOUNTS[name])},
        {key: table_of(figures[key], f"{where}.{key}") for key in sorted(tables)},
    )


def table_of(rows: object, where: str) -> dict[Decimal, Decimal]:
    found = {
        law.decimal(str(key), where): law.decimal(points, where) for key, points in law.mapping(rows, where).items()
    }
    if list(found) != sorted(found):
        raise law.LawFileError(f"{where}: rows do not increase")
    return found


@lru_cache(maxsize=1)
def item_laws() -> dict[str, ItemLaw]:
    """Those of the project, read once per process."""
    return build_items()


@lru_cache(maxsize=32)
def items(session: int) -> Mapping[str, Item]:
    """The items of a session, by id. Raises DomainError("session_unknown")."""
    figures = session_of(session).rules
    found = ((name, one.at(figures)) for name, one in item_laws().items())
    return {name: item for name, item in found if item is not None}
