"""A file of the annuaire, whatever its shape, as rows of text under the official column names in lower case.

Shapes met (data.education.gouv.fr): CSV with 72 columns and LF (2024) or 71 and CRLF (2026), with or without BOM, `;`
or `,`; names in lower case (API); a JSON list; a JSON page under `results`; the dataset « adresse et géolocalisation »;
a file saved again by a spreadsheet. Columns are read by name: absent and unknown ones are accepted.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UAI_COLUMN = "identifiant_de_l_etablissement"
# Same facts under other names: the geolocation dataset, then short lists made by hand from the open data.
ALIASES = {
    "numero_uai": UAI_COLUMN,
    "appellation_officielle": "nom_etablissement",
    "secteur_public_prive_libe": "statut_public_prive",
    "adresse_uai": "adresse_1",
    "code_postal_uai": "code_postal",
    "libelle_commune": "nom_commune",
    "nature_uai": "code_nature",
    "nature_uai_libe": "libelle_nature",
    "etat_etablissement_libe": "etat",
    "libelle_ministere": "ministere_tutelle",
    "uai": UAI_COLUMN,
    "nom": "nom_etablissement",
    "type": "type_etablissement",
    "secteur": "statut_public_prive",
    "commune": "nom_commune",
    "education_prioritaire": "appartenance_education_prioritaire",
}


class UnreadableAnnuaire(Exception):
    """The file is not an annuaire; the message says why and what to do, in French."""


@dataclass(frozen=True, slots=True)
class Annuaire:
    """`total` rows under `columns`; `announced` is what the API says there are when the file is one page of them."""

    columns: frozenset[str]
    rows: list[dict[str, str]]
    announced: int | None = None


def read_annuaire(path: Path) -> Annuaire:
    """Reads a whole file. Raises UnreadableAnnuaire, OSError."""
    text = _decode(path.read_bytes())
    if not text.strip():
        raise UnreadableAnnuaire("Le fichier est vide. Téléchargez à nouveau l'export.")
    annuaire = _read_json(text) if text.lstrip()[0] in "[{" else _read_csv(text)
    if UAI_COLUMN not in annuaire.columns:
        raise UnreadableAnnuaire(
            "Le fichier n'a pas de colonne « Identifiant_de_l_etablissement » (ni « numero_uai ») : ce n'est pas un "
            "export de l'annuaire. Téléchargez le jeu « fr-en-annuaire-education » sur data.education.gouv.fr."
        )
    return annuaire


def _decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what spreadsheets write on French desktops
    return text.replace("\x00", "")


def _name(column: str) -> str:
    folded = column.strip().lower()
    return ALIASES.get(folded, folded)


def _read_csv(text: str) -> Annuaire:
    header, _, _ = text.partition("\n")
    delimiter = ";" if ";" in header else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [_name(column) for column in next(lines)]
        rows = [dict(zip(columns, map(str.strip, line), strict=False)) for line in lines if any(line)]
    except csv.Error as error:
        raise UnreadableAnnuaire(f"Le fichier CSV est abîmé ({error}). Téléchargez à nouveau l'export.") from None
    return Annuaire(frozenset(columns), rows)


def _read_json(text: str) -> Annuaire:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableAnnuaire("Le fichier JSON est incomplet ou abîmé. Téléchargez à nouveau l'export.") from None
    announced = None
    if isinstance(data, dict):
        announced = data.get("total_count")
        data = data.get("results")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise UnreadableAnnuaire(
            "Le fichier JSON n'est pas une liste d'établissements. Utilisez l'export JSON du portail."
        )
    rows = [dict(_texts(row)) for row in data]
    columns = frozenset(column for row in rows for column in row)
    return Annuaire(columns, rows, announced if isinstance(announced, int) else None)


def _texts(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Typed values as the CSV writes them: null is empty, `position` is « lat, lon », a list is joined by commas."""
    for column, value in row.items():
        if isinstance(value, dict):
            value = f"{value.get('lat', '')}, {value.get('lon', '')}"
        elif isinstance(value, list):
            value = ",".join(map(str, value))
        elif isinstance(value, bool):
            value = str(int(value))
        yield _name(column), "" if value is None else _storable(str(value))


def _storable(text: str) -> str:
    """Without what JSON escapes can bring and PostgreSQL refuses: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()
