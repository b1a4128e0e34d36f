"""What a well-formed message may still get wrong: codes of the law, order of dates, check letters.

Each check returns a Problem (code, field, reason in French: what, why, what next) or None. No database here.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args

from django.conf import settings

from career.domain import uai
from career.domain.grids import load_grids
from career.feed import contract
from career.feed.masking import looks_like_numen

YOUNGEST_ENTRY_YEARS = 16
CENT_EXPONENT = -2
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
FIRST_YEAR_OF_A_MESSAGE = 1990


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    reason: str
    field: str = ""


@lru_cache(maxsize=1)
def _places() -> dict[tuple[str, str], dict[int, int]]:
    """(corps, grade) → échelon that exists or existed → its highest chevron."""
    grids = load_grids()
    return {
        (corps.code, grade.code): grids.chevrons(grade)
        for corps in grids.corps.values()
        for grade in corps.grades.values()
    }


@lru_cache(maxsize=1)
def _numen() -> re.Pattern[str]:
    return re.compile(settings.NUMEN_PATTERN)


def check_envelope(envelope: contract.Envelope) -> Problem | None:
    if not FIRST_YEAR_OF_A_MESSAGE <= envelope.time.year <= LATEST.year:
        return Problem(
            "date_impossible",
            f"L'heure du message ({envelope.time.isoformat()}) n'est pas entre {FIRST_YEAR_OF_A_MESSAGE} et {LATEST.year}.",
            "time",
        )
    if looks_like_numen(envelope.agent):
        return Problem(
            "matricule_numen",
            "Le matricule a la forme d'un NUMEN. Envoyez le matricule de l'agent dans « agent ».",
            "agent",
        )
    return None


def check_dates(message_type: str, data: contract.Strict) -> Problem | None:
    """Dates no career holds, also the 9999-12-31 that some systems write for « no end »."""
    for name in DATE_FIELDS[message_type]:
        value = getattr(data, name)
        if value is None:
            continue
        for day in value if isinstance(value, list) else (value,):
            if not EARLIEST <= day <= LATEST:
                return Problem(
                    "date_impossible",
                    f"La date {day} ({name}) n'est pas entre {EARLIEST.year} et {LATEST.year}. "
                    "Une date inconnue ne s'envoie pas.",
                    name,
                )
    return None


def check_agent(data: contract.AgentData) -> Problem | None:
    if data.numen is not None and not _numen().fullmatch(data.numen):
        return Problem(
            "numen_forme", "Le NUMEN n'a pas la forme attendue (13 caractères). Corrigez-le à la source.", "numen"
        )
    if data.entered_on.year - data.birth_date.year < YOUNGEST_ENTRY_YEARS:
        return Problem(
            "dates_desordonnees",
            f"L'arrivée ({data.entered_on}) suit de moins de {YOUNGEST_ENTRY_YEARS} ans la naissance. "
            "Vérifiez les deux dates.",
            "entered_on",
        )
    return None


def check_step(data: contract.StepData) -> Problem | None:
    corps = load_grids().corps.get(data.corps)
    if corps is None:
        return Problem(
            "corps_inconnu", f"Le corps « {data.corps} » n'est pas dans la nomenclature. Vérifiez son code.", "corps"
        )
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
    if data.echelon is None:
        return Problem("echelon_manquant", f"Le corps « {data.corps} » a une grille : indiquez l'échelon.", "echelon")
    if data.echelon not in echelons:
        return Problem("echelon_inconnu", f"L'échelon {data.echelon} n'existe pas dans ce grade.", "echelon")
    if data.chevron is not None and data.chevron > echelons[data.echelon]:
        return Problem(
            "chevron_inconnu", f"L'échelon {data.echelon} de ce grade n'a pas de chevron {data.chevron}.", "chevron"
        )
    return None


def check_assignment(data: contract.AssignmentData) -> Problem | None:
    if not uai.is_valid(data.uai):
        return _wrong_letter(data.uai)
    if data.ends_on is not None and data.ends_on < data.starts_on:
        return _disorder("ends_on", "La fin de l'affectation", data.ends_on, "son début", data.starts_on)
    if _exponent(data.quotity) < CENT_EXPONENT or not 0 < data.quotity <= 100:
        return Problem(
            "quotite_hors_bornes",
            f"La quotité {data.quotity} n'est pas comprise entre 0 et 100, au centième près.",
            "quotity",
        )
    return None


def check_evaluation(data: contract.EvaluationData) -> Problem | None:
    for name, told in (("report_notified_on", "du compte rendu"), ("notified_on", "de l'appréciation")):
        day: dt.date | None = getattr(data, name)
        if day is not None and day < data.held_on:
            return _disorder(name, f"La notification {told}", day, "l'évaluation", data.held_on)
    return None


def check_training(data: contract.TrainingData) -> Problem | None:
    if data.ends_on < data.starts_on:
        return _disorder("ends_on", "La fin de la formation", data.ends_on, "son début", data.starts_on)
    if _exponent(data.hours) < CENT_EXPONENT or not 0 < data.hours < 10_000:
        return Problem(
            "heures_hors_bornes", f"La durée de {data.hours} heures n'est pas possible, au centième près.", "hours"
        )
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
        if _exponent(hours) < CENT_EXPONENT or not 0 <= hours < 1000:
            return Problem(
                "heures_hors_bornes",
                f"La valeur {hours} ({name}) n'est pas un nombre d'heures possible, au centième près.",
                name,
            )
    return None


def check_arrete(data: contract.ArreteData) -> Problem | None:
    if data.published_on < data.signed_on:
        return _disorder(
            "published_on", "La publication de l'arrêté", data.published_on, "sa signature", data.signed_on
        )
    return None


def _parts(annotation: Any) -> Iterator[Any]:
    """What an annotation is made of: `Annotated[list[date], …] | None` gives list[date], date, None…"""
    for part in get_args(annotation):
        yield part
        yield from _parts(part)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return (
        exponent if isinstance(exponent, int) else -99
    )  # NaN and infinities too; asked first, for they do not compare


def _wrong_letter(code: str) -> Problem:
    return Problem(
        "uai_cle",
        f"La lettre de contrôle de l'UAI {code} est fausse : {uai.check_letter(code[:7])} attendue. Vérifiez le code.",
        "uai",
    )


def _disorder(field: str, late: str, late_on: dt.date, early: str, early_on: dt.date) -> Problem:
    return Problem("dates_desordonnees", f"{late} ({late_on}) précède {early} ({early_on}). Vérifiez les dates.", field)


DATE_FIELDS = {
    name: tuple(field for field, kind in kind.__annotations__.items() if dt.date in (kind, *_parts(kind)))
    for name, kind in contract.DATA_TYPES.items()
}
CHECKS: dict[str, Callable[[Any], Problem | None]] = {
    "agent.upserted": check_agent,
    "career.step": check_step,
    "assignment.upserted": check_assignment,
    "evaluation.recorded": check_evaluation,
    "training.recorded": check_training,
    "family.changed": check_family,
    "service.validated": check_service,
    "arrete.published": check_arrete,
}
