"""One row of the annuaire as the fields of an `Establishment`, or the reason to leave it aside."""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from career.annuaire.natures import OUT_OF_SCOPE, SCHOOL_LEVELS, kind_of
from career.annuaire.shapes import UAI_COLUMN
from career.domain import uai as uai_rules
from career.geography import academies
from iprof.kernel.errors import DomainError
from iprof.kernel.text import sort_key, unaccent

MINISTRY = "EDUCATION NATIONALE"
_NETWORKS = {"REP", "REP+"}
_SIX_DECIMALS = Decimal("0.000001")


class LeftAside(Exception):
    """The row cannot be kept; the message is the reason, in French."""


class OutOfScope(Exception):
    """The row is right but nobody of the portal is posted there, or it belongs to another académie."""


@dataclass(frozen=True, slots=True)
class Row:
    """`fields` holds only what the file tells: an absent column leaves what is stored. `defaults` fill new rows."""

    uai: str
    academie: str
    fields: dict[str, Any]
    extracted_on: dt.date | None
    defaults: dict[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def read_row(raw: dict[str, str]) -> Row:
    """Raises LeftAside with the reason, OutOfScope."""
    uai = _uai(raw.get(UAI_COLUMN, ""))
    nature = _code(raw.get("code_nature", ""), 3)
    ministry = unaccent(raw.get("ministere_tutelle", "")).upper()
    if nature in OUT_OF_SCOPE or (ministry and MINISTRY not in ministry):
        raise OutOfScope
    remarks: list[str] = []
    defaults: dict[str, Any] = {}
    fields = _texts(raw)
    name = fields.get("name", "")
    if not name:
        raise LeftAside(
            "Le nom de l'établissement est vide. Complétez-le dans l'annuaire ou attendez l'export suivant."
        )
    fields["sort_key"] = sort_key(name, fields.get("commune", ""))[:200]
    departement = departement_code(raw.get("code_departement", ""))
    academie = _code(raw.get("code_academie", ""), 2)
    if not academie and departement in academies():
        academie = academies()[departement].code
    if "code_departement" in raw:
        fields["departement"] = departement
    if academie:
        fields["academie_code"] = academie
    if nature or "type_etablissement" in raw:
        nursery = raw.get("ecole_maternelle", "") == "1"
        kind = kind_of(nature, raw.get("type_etablissement", ""), has_nursery_classes=nursery)
        # The geolocation dataset does not say whether an école has nursery classes: it must not undo what is known.
        told = nature not in SCHOOL_LEVELS or "ecole_maternelle" in raw
        (fields if told else defaults)["kind"] = kind if told else "École"
        fields["nature_code"] = nature
    if "latitude" in raw or "position" in raw:
        fields["latitude"], fields["longitude"] = _place(raw)
    if "date_ouverture" in raw:
        fields["opened_on"] = _date(raw["date_ouverture"], "date d'ouverture", remarks)
    extracted = _date(raw.get("date_maj_ligne", ""), "date de mise à jour", remarks)
    return Row(uai, academie, fields, extracted, defaults, tuple(remarks))


def departement_code(code: str) -> str:
    """« 051 », « 51 », « 02A », « 8 » and « 971 » as the portal writes them: 51, 51, 2A, 08, 971.

    >>> [departement_code(code) for code in ("051", "51", "02A", "8", "971", "070", "")]
    ['51', '51', '2A', '08', '971', '70', '']
    """
    code = _code(code.upper(), 3)
    return code[1:] if code.startswith("0") else code


def _uai(text: str) -> str:
    if not text:
        raise LeftAside("L'UAI est vide.")
    try:
        return uai_rules.normalise(text)
    except DomainError as error:
        if error.code == "uai_letter":
            raise LeftAside(
                f"La lettre de contrôle de l'UAI {error.params['uai']} est fausse : "
                f"{error.params['expected']} attendue. Vérifiez le code."
            ) from None
        raise LeftAside(f"L'UAI « {text[:20]} » n'a pas sept chiffres suivis d'une lettre.") from None


def _texts(raw: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": raw.get("nom_etablissement", "")[:200]}
    if "nom_commune" in raw:
        fields["commune"] = raw["nom_commune"][:100]
    if "statut_public_prive" in raw:
        fields["sector"] = raw["statut_public_prive"].capitalize()[:10]
    if "adresse_1" in raw:
        lines = (raw.get(f"adresse_{number}", "") for number in (1, 2, 3))
        fields["address"] = ", ".join(line for line in lines if line)[:300]
    if "code_postal" in raw:
        fields["postal_code"] = _five(raw["code_postal"])
    if "code_commune" in raw:
        fields["commune_code"] = _five(raw["code_commune"])
    if "appartenance_education_prioritaire" in raw:
        network = raw["appartenance_education_prioritaire"].upper().replace(" ", "")
        fields["priority_network"] = network if network in _NETWORKS else ""
    if "etablissement_mere" in raw:
        parent = raw["etablissement_mere"].upper()
        fields["parent_uai"] = parent if uai_rules.is_valid(parent) else ""
    if "etat" in raw:
        fields["state"] = raw["etat"].upper().replace("_", " ")[:12] or "OUVERT"
    return fields


def _code(text: str, width: int) -> str:
    """A code whose zeros a spreadsheet may have eaten, or to which it may have added « .0 »."""
    text = re.sub(r"[.,]0+$", "", text.strip())
    return text.zfill(width)[:width] if text else ""


def _five(text: str) -> str:
    code = _code(text.upper(), 5)
    return code if re.fullmatch(r"[0-9][0-9AB][0-9]{3}", code) else ""


def _place(raw: dict[str, str]) -> tuple[Decimal | None, Decimal | None]:
    pair = (raw.get("latitude", ""), raw.get("longitude", ""))
    if not all(pair) and raw.get("position", "").count(",") == 1:
        first, second = raw["position"].split(",")
        pair = (first, second)
    latitude, longitude = _degrees(pair[0], 90), _degrees(pair[1], 180)
    return (latitude, longitude) if latitude is not None and longitude is not None else (None, None)


def _degrees(text: str, limit: int) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value.quantize(_SIX_DECIMALS) if value.is_finite() and abs(value) <= limit else None


def _date(text: str, label: str, remarks: list[str]) -> dt.date | None:
    """ISO, or day/month/year once a spreadsheet has been there. What cannot be read is remarked, not fatal."""
    if not text:
        return None
    try:
        if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?", text):
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        remarks.append(f"La {label} « {text[:20]} » est illisible : elle est laissée vide.")
        return None
