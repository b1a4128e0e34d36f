"""The geographic tables of career/legal/geography, read once per process."""

import csv
from functools import lru_cache
from pathlib import Path

from career.domain.postal_codes import Academie, PostalCodes

FOLDER = Path(__file__).resolve().parent / "legal" / "geography"
POSTAL_CODES = FOLDER / "postal_codes_2026.csv"
DEPARTEMENTS = FOLDER / "departements.csv"


@lru_cache(maxsize=1)
def academies() -> dict[str, Academie]:
    """Département → académie, overseas territories included."""
    with DEPARTEMENTS.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter=";")
        return {row["departement"]: Academie(row["code_academie"], row["academie"]) for row in rows}


@lru_cache(maxsize=1)
def departement_names() -> dict[str, str]:
    with DEPARTEMENTS.open(encoding="utf-8", newline="") as stream:
        return {row["departement"]: row["nom"] for row in csv.DictReader(stream, delimiter=";")}


@lru_cache(maxsize=1)
def postal_codes() -> PostalCodes:
    with POSTAL_CODES.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter=";")
        next(rows)
        return PostalCodes(((code, insee, name, departement) for code, insee, name, departement in rows), academies())
