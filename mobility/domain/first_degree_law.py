"""Items of the mouvement interdépartemental (premier degré), in the shapes of those of the second."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from iprof.kernel import law
from iprof.kernel.legal import LegalSource
from mobility.domain.anchors import Anchors
from mobility.domain.inter_law import Figures, Item, ItemLaw, table_of
from mobility.domain.law import LEGAL, by_session
from mobility.domain.sessions import session_of

FILE = "interdep.yaml"
AMOUNTS: dict[str, set[str]] = {
    "echelon": set(),
    "anciennete_departement": {"franchise_mois", "par_an", "par_cinq_ans"},
    "separation": {"stagiaire", "conge"},
    "academie_non_limitrophe": {"points", "annees"},
    "voeu_preferentiel": {"par_an"},
    **{name: {"points"} for name in ("rc", "apc", "enfants", "handicap_boe", "handicap_800", "cimm")},
    **{name: {"points", "annees"} for name in ("ep_rep_plus", "ep_rep", "cla", "pop", "guyane", "mayotte")},
}
TABLES: dict[str, set[str]] = {
    "echelon": {"instituteur", "pe_normale", "pe_hors_classe", "pe_exceptionnelle"},
    "separation": {"annees"},
}
OWN_ANCHORS = ("lien", "reconnaissance")


@lru_cache(maxsize=1)
def _data(folder: Path = LEGAL) -> dict[str, Any]:
    return law.read(FILE, required={"checked_on", "voeux_max", "anchors", "items"}, folder=folder)


def build_items(data: Mapping[str, Any]) -> dict[str, ItemLaw]:
    """Raises LawFileError."""
    law.check_keys(data["items"], set(AMOUNTS), frozenset(), FILE)
    return {name: _item(name, entry, data["checked_on"]) for name, entry in data["items"].items()}


def _item(name: str, entry: Mapping[str, Any], checked_on: dt.date) -> ItemLaw:
    where = f"{FILE}: {name}"
    law.check_keys(entry, {"label", "sessions"}, frozenset(), where)
    values = by_session(where, entry["sessions"], checked_on, {"figures"}, lambda one, at: _figures(name, one, at))
    return ItemLaw(name, law.text(entry["label"], where), None, values)


def _figures(name: str, entry: Mapping[str, Any], where: str) -> Figures:
    figures, tables = entry["figures"], TABLES.get(name, set())
    law.check_keys(figures, AMOUNTS[name] | tables, frozenset(), where)
    return Figures(
        {key: law.decimal(figures[key], f"{where}.{key}") for key in sorted(AMOUNTS[name])},
        {key: table_of(figures[key], f"{where}.{key}") for key in sorted(tables)},
    )


@lru_cache(maxsize=1)
def item_laws() -> dict[str, ItemLaw]:
    return build_items(_data())


@lru_cache(maxsize=32)
def items(session: int) -> Mapping[str, Item]:
    """The items of a session, by id. Raises DomainError("session_unknown")."""
    figures = session_of(session).rules
    found = ((name, one.at(figures)) for name, one in item_laws().items())
    return {name: item for name, item in found if item is not None}


@lru_cache(maxsize=32)
def anchors(session: int) -> Anchors:
    """The days of a session: those of the second degré, but for its own."""
    days = {}
    for name in OWN_ANCHORS:
        entry, where = _data()["anchors"][name], f"{FILE}: {name}"
        month, day = law.month_day(entry["day"], where)
        days[name] = dt.date(session + law.whole(entry["year"], where), month, day)
    return replace(session_of(session).anchors, **days)


@lru_cache(maxsize=1)
def voeux_max() -> tuple[int, LegalSource]:
    """(how many départements, with the confidence of that)."""
    entry = _data()["voeux_max"]
    return law.whole(entry["value"], FILE), law.source_of(entry, _data()["checked_on"], FILE)
