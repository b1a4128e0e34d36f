"""Access to the corps of agrégés by the liste d'aptitude: who may apply, and from which year."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.pay import french_date
from career.domain.promotion_conditions import corps_list
from iprof.kernel.dated import Dated, DatedValues
from iprof.kernel.explain import Input, Node
from iprof.kernel.periods import add_months

FILE = "promotions/liste_aptitude_agreges.yaml"
MET = "conditions_remplies"
MOTIFS: Mapping[str, str] = {
    MET: "les conditions pour être candidat sont remplies",
    "corps_non_concerne": "ce corps n'est pas de ceux qui accèdent à la liste d'aptitude",
    "age_insuffisant": "l'âge demandé n'est pas atteint",
    "services_insuffisants": "les années de services d'enseignement demandées ne sont pas atteintes",
    "services_dans_le_corps_insuffisants": "les années de services demandées dans le corps ne sont pas atteintes",
}


@dataclass(frozen=True, slots=True)
class AptitudeConditions:
    """Years of age, of teaching services and, among them, in the corps; all on the day of appreciation."""

    corps: tuple[str, ...]
    age: int
    services_years: int
    corps_years: int
    contingent: str


@dataclass(frozen=True, slots=True)
class ListeAptitude:
    appreciation: tuple[int, int]
    values: DatedValues[AptitudeConditions]

    def appreciation_day(self, year: int) -> dt.date:
        return dt.date(year, *self.appreciation)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Services are those completed on the day of appreciation, in years."""

    corps: str
    born_on: dt.date
    services_years: Decimal
    corps_years: Decimal


@dataclass(frozen=True, slots=True)
class AptitudeAnswer:
    eligible: bool
    motif: str
    first_year: int | None
    conditions: Dated[AptitudeConditions]


def build_liste_aptitude(folder: Path = law.LEGAL) -> ListeAptitude:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "appreciation_day", "values"}, folder=folder)
    keys = {"corps", "age", "services_years", "corps_years", "contingent"}
    return ListeAptitude(
        law.month_day(data["appreciation_day"], f"{FILE}: appreciation_day"),
        law.dated(FILE, data["values"], data["checked_on"], keys, _conditions),
    )


def _conditions(entry: Mapping[str, Any], where: str) -> AptitudeConditions:
    return AptitudeConditions(
        corps_list(entry["corps"], f"{where}.corps"),
        law.whole(entry["age"], f"{where}.age"),
        law.whole(entry["services_years"], f"{where}.services_years"),
        law.whole(entry["corps_years"], f"{where}.corps_years"),
        law.text(entry["contingent"], f"{where}.contingent"),
    )


@lru_cache(maxsize=1)
def load_liste_aptitude() -> ListeAptitude:
    """The conditions of the project, read once per process."""
    return build_liste_aptitude()


def aptitude(who: Candidate, year: int) -> AptitudeAnswer:
    """Whether the agent may apply to the list of `year`, and the first list if services go on without a break.

    Raises NotInForce. Source: décret n° 72-580 art. 5. The corps years imply belonging to it on 31 December before.
    """
    rules = load_liste_aptitude()
    found = rules.values.at(rules.appreciation_day(year))
    asked = found.value
    if who.corps not in asked.corps:
        return AptitudeAnswer(False, "corps_non_concerne", None, found)
    of_age = add_months(who.born_on, 12 * asked.age)
    age_year = of_age.year if of_age <= rules.appreciation_day(of_age.year) else of_age.year + 1
    waits = {
        "age_insuffisant": max(0, age_year - year),
        "services_insuffisants": _years_missing(asked.services_years, who.services_years),
        "services_dans_le_corps_insuffisants": _years_missing(asked.corps_years, who.corps_years),
    }
    motif = next((code for code, wait in waits.items() if wait), MET)
    return AptitudeAnswer(motif == MET, motif, year + max(waits.values()), found)


def _years_missing(asked: int, held: Decimal) -> int:
    return max(0, int((asked - held).to_integral_value(ROUND_CEILING)))


def aptitude_node(who: Candidate, year: int, origin: str = "Situation saisie") -> Node:
    """« Oui » or « Non » and why, the first year below. Raises NotInForce."""
    found = aptitude(who, year)
    day = load_liste_aptitude().appreciation_day(year)
    version, sources = found.conditions.since.isoformat(), (found.conditions.source,)
    first = Node(
        "Première liste",
        str(found.first_year) if found.first_year else None,
        "",
        "career.liste_aptitude.first_year",
        version,
        sources,
        sentence=(
            f"Si les services se poursuivent sans interruption : liste de {found.first_year}."
            if found.first_year
            else "Aucune année ne peut être donnée pour ce corps."
        ),
    )
    return Node(
        "Candidature à la liste d'aptitude des agrégés",
        "Oui" if found.eligible else "Non",
        "",
        "career.liste_aptitude",
        version,
        sources,
        (
            Input("Date de naissance", who.born_on, origin),
            Input("Services d'enseignement, en années", who.services_years, origin),
            Input("Dont dans le corps, en années", who.corps_years, origin),
        ),
        (first,),
        sentence=f"Au {french_date(day)}, {MOTIFS[found.motif]}.",
    )
