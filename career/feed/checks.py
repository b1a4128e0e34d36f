"""What a well-formed message may still get wrong: codes of the law, order of dates, check letters.

Each check returns a Problem (code, field, reason in French: what, why, what next) or None. No database here.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings

from career.domain import uai
from career.domain.grids import load_grids
from career.feed import contract

YOUNGEST_ENTRY_YEARS = 16
CENT_EXPONENT = -2


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    reason: str
    field: str = ""


@lru_cache(maxsize=1)
def _places() -> dict[tuple[str, str], frozenset[int]]:
    """(corps, grade) → échelons that exist or existed."""
    return {
        (corps.code, grade.code): frozenset(grade.echelons)
        for corps in load_grids().corps.values()
        for grade in corps.grades.values()
    }


@lru_cache(maxsize=1)
def _numen() -> re.Pattern[str]:
    return re.compile(settings.NUMEN_PATTERN)


def check_agent(data: contract.AgentData) -> Problem | None:
    if data.numen is not None and not _numen().fullmatch(data.numen):
        return Problem(
            "numen_forme", "Le NUMEN n'a pas la forme attendue (13 caractères). Corrigez-le à la source.", "numen"
        )
    if data.birth_date.year < 1900:
        return Problem(
            "date_impossible", f"La date de naissance {data.birth_date} est antérieure à 1900.", "birth_date"
        )
    if data.entered_on.year - data.birth_date.year < YOUNGEST_ENTRY_YEARS:
        return Problem(
            "dates_desordonnees",
            f"L'arrivée ({data.entered_on}) suit de moins de {YOUNGEST_ENTRY_YEARS} ans la naissance ({data.birth_date}).",
            "entered_on",
        )
    return None


def check_step(data: contract.StepData) -> Problem | None:
    corps = load_grids().corps.get(data.corps)
    if corps is None:
        return Problem("corps_inconnu", f"Le corps « {data.corps} » n'est pas dans la nomenclature.", "corps")
    if not corps.has_grid:
        if data.echelon is not None or data.chevron is not None:
            return Problem(
                "echelon_sans_grille", f"Le corps « {data.corps} » n'a pas de grille : pas d'échelon.", "echelon"
            )
        return None
    echelons = _places().get((data.corps, data.grade))
    if echelons is None:
        return Problem(
            "grade_inconnu", f"Le grade « {data.grade} » n'existe pas dans le corps « {data.corps} ».", "grade"
        )
    if data.echelon not in echelons:
        return Problem("echelon_inconnu", f"L'échelon {data.echelon} n'existe pas dans ce grade.", "echelon")
    return None


def check_assignment(data: contract.AssignmentData) -> Problem | None:
    if not uai.is_valid(data.uai):
        return _wrong_letter(data.uai)
    if data.ends_on is not None and data.ends_on < data.starts_on:
        return _disorder("ends_on", "La fin de l'affectation", data.ends_on, "son début", data.starts_on)
    if not 0 < data.quotity <= 100 or _exponent(data.quotity) < CENT_EXPONENT:
        return Problem(
            "quotite_hors_bornes", f"La quotité {data.quotity} n'est pas comprise entre 0 et 100.", "quotity"
        )
    return None


def check_training(data: contract.TrainingData) -> Problem | None:
    if data.ends_on < data.starts_on:
        return _disorder("ends_on", "La fin de la formation", data.ends_on, "son début", data.starts_on)
    if not 0 < data.hours < 10_000 or _exponent(data.hours) < CENT_EXPONENT:
        return Problem("heures_hors_bornes", f"La durée de {data.hours} heures n'est pas possible.", "hours")
    return None


def check_family(data: contract.FamilyData) -> Problem | None:
    if (data.union == "aucune") != (data.union_on is None):
        return Problem(
            "union_incoherente", "Un mariage ou un PACS porte une date ; l'absence d'union n'en porte pas.", "union_on"
        )
    return None


def check_service(data: contract.ServiceData) -> Problem | None:
    if data.uai and not uai.is_valid(data.uai):
        return _wrong_letter(data.uai)
    for name in ("hours_due", "hours_done", "hsa", "hse"):
        hours: Decimal = getattr(data, name)
        if not 0 <= hours < 1000 or _exponent(hours) < CENT_EXPONENT:
            return Problem("heures_hors_bornes", f"{hours} heures ({name}) n'est pas possible.", name)
    return None


def check_arrete(data: contract.ArreteData) -> Problem | None:
    if data.published_on < data.signed_on:
        return _disorder(
            "published_on", "La publication de l'arrêté", data.published_on, "sa signature", data.signed_on
        )
    return None


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else -99  # NaN and infinities are refused like too many decimals


def _wrong_letter(code: str) -> Problem:
    return Problem(
        "uai_cle",
        f"La lettre de contrôle de l'UAI {code} est fausse : {uai.check_letter(code[:7])} attendue. Vérifiez le code.",
        "uai",
    )


def _disorder(field: str, late: str, late_on: dt.date, early: str, early_on: dt.date) -> Problem:
    return Problem("dates_desordonnees", f"{late} ({late_on}) précède {early} ({early_on}).", field)


CHECKS: dict[str, Callable[[Any], Problem | None]] = {
    "agent.upserted": check_agent,
    "career.step": check_step,
    "assignment.upserted": check_assignment,
    "training.recorded": check_training,
    "family.changed": check_family,
    "service.validated": check_service,
    "arrete.published": check_arrete,
}
