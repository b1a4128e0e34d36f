"""Retirement: age at which rights open, its day, and the quarters of a full-rate pension, by birth date."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.pay import french_date
from iprof.kernel.dated import Dated, DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import counted
from iprof.kernel.periods import add_months

SEDENTARY, ACTIVE = "sedentaire", "active"
FILES = {SEDENTARY: "perspectives/retraite_sedentaire.yaml", ACTIVE: "perspectives/retraite_active.yaml"}


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those born from `born_from` on: age of the rights in months, quarters of the full rate (None: not published)."""

    born_from: dt.date
    age_months: int
    quarters: int | None

    @property
    def age(self) -> tuple[int, int]:
        """(years, months)."""
        return divmod(self.age_months, 12)


@dataclass(frozen=True, slots=True)
class Retirement:
    """`tables` by category, keyed by the first day a pension takes effect; cohorts in order of birth."""

    tables: Mapping[str, DatedValues[tuple[Cohort, ...]]]
    full_rate_age: int
    minimum_service_years: int
    active_service_years: int
    active_service_source: LegalSource


def build_retirement(folder: Path = law.LEGAL) -> Retirement:
    """Raises LawFileError."""
    sedentary, active = FILES[SEDENTARY], FILES[ACTIVE]
    common = {"label", "checked_on", "values"}
    data = {
        SEDENTARY: law.read(sedentary, required=common | {"full_rate_age", "minimum_service_years"}, folder=folder),
        ACTIVE: law.read(active, required=common | {"service_years"}, folder=folder),
    }
    where = f"{active}: service_years"
    service = data[ACTIVE]["service_years"]
    law.check_keys(service, {"value", "source"}, frozenset({"confidence", "url"}), where)
    return Retirement(
        {
            category: law.dated(FILES[category], found["values"], found["checked_on"], {"cohorts"}, _cohorts)
            for category, found in data.items()
        },
        law.whole(data[SEDENTARY]["full_rate_age"], f"{sedentary}: full_rate_age"),
        law.whole(data[SEDENTARY]["minimum_service_years"], f"{sedentary}: minimum_service_years"),
        law.whole(service["value"], where),
        law.source_of(service, data[ACTIVE]["checked_on"], where),
    )


def _cohorts(entry: Mapping[str, Any], where: str) -> tuple[Cohort, ...]:
    rows: list[Cohort] = []
    for row in law.sequence(entry["cohorts"], f"{where}.cohorts"):
        law.check_keys(row, {"born_from", "years", "months", "quarters"}, frozenset(), f"{where}.cohorts")
        born_from = law.day(row["born_from"], f"{where}.cohorts")
        at = f"{where}.cohorts.{born_from}"
        if rows and born_from <= rows[-1].born_from:
            raise law.LawFileError(f"{at}: birth dates do not increase")
        age = law.whole(row["years"], f"{at}.years") * 12 + law.whole(row["months"], f"{at}.months")
        quarters = None if row["quarters"] == law.UNKNOWN else law.whole(row["quarters"], f"{at}.quarters")
        rows.append(Cohort(born_from, age, quarters))
    return tuple(rows)


@lru_cache(maxsize=1)
def load_retirement() -> Retirement:
    """Read once per process."""
    return build_retirement()


@dataclass(frozen=True, slots=True)
class Rights:
    """What the law gives a birth date: the cohort, its first day of rights, the table it comes from."""

    cohort: Cohort
    opens_on: dt.date
    since: dt.date
    source: LegalSource


def rights(born_on: dt.date, category: str = SEDENTARY, effective_on: dt.date | None = None) -> Rights:
    """The rights of a birth date. `effective_on` is the day the pension takes effect, which chooses the table.

    Without it the table is the one in force the day the rights open: those whose rights opened under an earlier table
    keep it. A birthday that a month does not have falls on that month's last day. Raises NotInForce,
    UnknownFigure("cohort_unpublished" | "active_age_unpublished").
    Source: loi n° 2023-270 du 14 avril 2023; loi de financement de la sécurité sociale pour 2026.
    """
    tables = load_retirement().tables[category]
    newest = tables.at(effective_on or tables.items()[-1][0])
    known = [tables.at(day) for day, _ in tables.items() if day <= newest.since]
    until: dt.date | None = None
    for table in reversed(known):
        found = _rights(born_on, table)
        if found and until is None and effective_on is not None:
            return found
        opened_under = found and (table is known[0] or found.opens_on >= table.since)
        if found and opened_under and (until is None or found.opens_on < until):
            return found
        until = table.since
    raise UnknownFigure("active_age_unpublished" if category == ACTIVE else "cohort_unpublished", born_on=born_on)


def _rights(born_on: dt.date, table: Dated[tuple[Cohort, ...]]) -> Rights | None:
    past = [cohort for cohort in table.value if cohort.born_from <= born_on]
    if not past:
        return None
    return Rights(past[-1], add_months(born_on, past[-1].age_months), table.since, table.source)


def french_age(months: int) -> str:
    """« 62 ans et 9 mois », « 64 ans ».

    >>> french_age(753), french_age(13)
    ('62 ans et 9 mois', '1 an et 1 mois')
    """
    years, rest = divmod(months, 12)
    return f"{counted(years, 'ans')} et {rest} mois" if rest else counted(years, "ans")


def retirement_node(
    born_on: dt.date, category: str = SEDENTARY, effective_on: dt.date | None = None, origin: str = ""
) -> Node:
    """The day rights open, explained; its children are the age, the quarters and the age without décote.

    Raises as `rights`.
    """
    found, law_ = rights(born_on, category, effective_on), load_retirement()
    version = found.since.isoformat()
    sources: tuple[LegalSource, ...] = (found.source,)
    age = french_age(found.cohort.age_months)
    quarters = found.cohort.quarters
    full_rate_on = add_months(born_on, law_.full_rate_age * 12)
    said = Input("Date de naissance", born_on, origin or "Situation saisie")
    children = [
        Node(
            label="Âge d'ouverture des droits",
            value=age,
            unit="",
            rule="career.retirement.age",
            version=version,
            sources=sources,
            inputs=(said,),
            sentence=f"Génération née à partir du {french_date(found.cohort.born_from)} : {age}.",
        ),
        Node(
            label="Trimestres pour le taux plein",
            value=quarters,
            unit="trimestres",
            rule="career.retirement.quarters",
            version=version,
            sources=sources,
            inputs=(said,),
            sentence=(
                f"{quarters} trimestres d'assurance donnent une pension sans décote."
                if quarters
                else "Nombre de trimestres non publié pour cette génération dans les textes consultés."
            ),
        ),
    ]
    sentence = f"Naissance le {french_date(born_on)}, plus {age} : {french_date(found.opens_on)}."
    if category == SEDENTARY:
        children.append(
            Node(
                label="Âge d'annulation de la décote",
                value=full_rate_on,
                unit="date",
                rule="career.retirement.full_rate",
                version=version,
                sources=sources,
                inputs=(said,),
                sentence=f"À {law_.full_rate_age} ans, le {french_date(full_rate_on)}, la pension est sans décote.",
            )
        )
        sentence += f" Il faut au moins {law_.minimum_service_years} ans de services."
    else:
        sources = (*sources, law_.active_service_source)
        sentence += f" Il faut au moins {law_.active_service_years} ans de services actifs."
    return Node(
        label="Ouverture des droits à la retraite",
        value=found.opens_on,
        unit="date",
        rule="career.retirement",
        version=version,
        sources=sources,
        inputs=(said,),
        children=tuple(children),
        sentence=sentence,
    )
