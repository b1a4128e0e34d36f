"""What the file tells beside what is claimed: origin, date, and whether the two differ (S52, S61)."""

from collections.abc import Mapping
from dataclasses import dataclass

from iprof.kernel.explain import Input
from iprof.web.formats import french_date, french_value
from mobility.models import Claims
from mobility.selectors.file import FileFacts
from mobility.selectors.prefill import claims_from


@dataclass(frozen=True, slots=True)
class Told:
    """`what`: what it is about; `words`: « 4 ans ». `differs`: what is claimed is something else, and will be checked."""

    what: str
    words: str
    origin: str
    differs: bool


YEARS = {
    "poste_years": "Ancienneté de poste", "rep_years": "Années en REP", "rep_plus_years": "Années en REP+",
}  # fmt: skip


def told_by_file(file: FileFacts, claims: Claims) -> dict[str, Told]:
    """By field of the form; what the file does not tell is not there."""
    post = file.inputs.get("poste")
    found = {name: _years(file, claims, name, post) for name in YEARS} if post else {}
    return {name: one for name, one in {**found, **_family(file, claims)}.items() if one.words}


def _years(file: FileFacts, claims: Claims, name: str, source: Input) -> Told:
    value, claimed = getattr(file, name), getattr(claims, name)
    words = "" if value is None else f"{value} an{'s' if value > 1 else ''}"
    return Told(YEARS[name], words, origin_words(source), claimed is not None and claimed != value)


def _family(file: FileFacts, claims: Claims) -> Mapping[str, Told]:
    if file.family is None:
        return {}
    told, origin = claims_from(file), origin_words(file.inputs["family"])
    births = [french_date(day) for day in told["children_birthdates"]]
    return {
        "lien": Told(
            "Lien avec votre conjoint",
            told["lien"].label if told["lien"] else "aucune union",
            origin,
            claims.lien not in ("", told["lien"]),
        ),
        "lien_on": Told(
            "Date du lien", french_date(told["lien_on"]), origin, claims.lien_on not in (None, told["lien_on"])
        ),
        "enfant_1": Told(
            "Enfants à charge",
            ", ".join(births),
            origin,
            list(claims.children_birthdates) != told["children_birthdates"],
        ),
        "conjoint_postal_code": Told(
            "Lieu de travail du conjoint",
            f"département {file.family.conjoint_departement}" if file.family.conjoint_departement else "",
            origin,
            bool(claims.conjoint_departement) and claims.conjoint_departement != file.family.conjoint_departement,
        ),
    }


def origin_words(source: Input) -> str:
    """« SIAE de démonstration, transmis le 12 mars 2026 »."""
    return f"{source.origin}, transmis le {french_date(source.as_of)}" if source.as_of else str(source.origin)


def file_rows(file: FileFacts) -> list[tuple[str, str, str]]:
    """(label, value, origin) of what the barème takes from the file without asking."""
    return [
        (one.label, french_value(one.value), origin_words(one)) for key, one in file.inputs.items() if key != "family"
    ]
