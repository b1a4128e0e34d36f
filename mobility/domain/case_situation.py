"""The `situation` of a mobility case: every key, its type, and the facts it becomes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from career.domain.case_values import Reader, choice, day, flag, word
from iprof.kernel.errors import DomainError
from mobility.domain.case_family import other_parent, pair, rapprochement
from mobility.domain.case_values import (
    CLASSES,
    CORPS,
    MONTHS,
    STATUSES,
    YEARS,
    by_day,
    departement,
    echelon,
    moment,
    place,
    place_or_flag,
    recognised,
    sequence,
    table,
)
from mobility.domain.facts import Partner, Situation

PIECE: Mapping[str, Reader] = {"type": word, "dated": moment}


def piece(value: object, where: str) -> tuple[str, dt.date]:
    """A piece and its day. Raises DomainError without one of the two."""
    told = table(value, where, PIECE)
    for key in PIECE:
        if key not in told:
            raise DomainError("missing_input", key=f"piece.{key}")
    return told["type"], told["dated"]


COUNTS = ("poste_years", "separation_active", "separation_leave", "echelon_years", "voeu_preferentiel_requests")
SERVICES = ("rep_years", "rep_plus_years", "cla_years", "pop_years", "mayotte_years", "guyane_years")
BEYOND = ("corse_requests", "sportif_years")  # facts the law asks, without a key in the first format
FLAGS = ("parent_isole", "conjoint_boe", "ex_contractuel", "use_stag_10", "confirmation_deposited", "conjoints")
PLACES = ("academie", "reintegration_academie", "academie_stage", "academie_concours")

READERS: Mapping[str, Reader] = {
    "status": choice(lambda: STATUSES),
    "corps": choice(lambda: CORPS),
    "classe": choice(lambda: CLASSES),
    "departement": departement,
    "echelon": echelon,
    "echelon_history": by_day(echelon),
    "months_in_departement": MONTHS,
    "rc": rapprochement,
    "apc": other_parent,
    "pair": pair,
    "children_birthdates": sequence(day),
    "reconnaissance_anticipee": by_day(day),
    "apart_since": day,
    "handicap_granted": sequence(place),
    "cimm": place_or_flag,
    "ex_titulaire": place_or_flag,
    "missing": sequence(word),
    "piece": sequence(piece),
    "deposit": moment,
    "boe": recognised,
    **dict.fromkeys((*COUNTS, *SERVICES, *BEYOND), YEARS),
    **dict.fromkeys(FLAGS, flag),
    **dict.fromkeys(PLACES, place),
}
ADAPTED = ("boe", "pair", "conjoints", "piece", "missing", "cimm", "ex_titulaire")


def situation_of(raw: object, where: str, voeux: tuple[str, ...]) -> Situation:
    """Raises CaseFormatError for what cannot be read, DomainError for a value that no situation has."""
    told = table(raw, where, READERS)
    facts = Situation(
        **{key: value for key, value in told.items() if key not in ADAPTED},
        boe=told.get("boe", False) is not False,
        missing=frozenset((*told.get("missing", ()), *(("rqth",) if told.get("boe", False) is None else ()))),
        pieces_dated=told.get("piece", ()),
        cimm=_place(told.get("cimm", ""), voeux[0] if voeux else ""),
        ex_titulaire=_place(told.get("ex_titulaire", ""), told.get("academie", "")),
    )
    return _paired(facts, told) if "pair" in told else facts


def _place(told: str | bool, only: str) -> str:
    """The place told; told without a name, the only one the situation leaves."""
    if isinstance(told, bool):
        return only if told else ""
    return told


def _paired(facts: Situation, told: Mapping[str, Any]) -> Situation:
    mine: Partner = told["pair"].get("a", Partner())
    partner: Partner = replace(told["pair"]["b"], own_kind=mine.kind)
    conjoints = told.get("conjoints", told["pair"].get("conjoints", False))
    status = told.get("status") or mine.kind.split("_")[0] or facts.status
    return replace(facts, status=status, simultanee=partner, simultanee_conjoints=conjoints)
