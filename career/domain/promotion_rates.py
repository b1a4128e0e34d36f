"""Promoted over promotable, by grade, campaign and corps; what was not published stays unknown."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.promotion_conditions import corps_list
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import fewest_digits

FILE = "promotions/taux.yaml"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Campaign:
    """The rates of one year by corps, each a share of the promotable agents; None: not published."""

    rates: Mapping[str, Decimal | None]
    source: LegalSource


def build_rates(folder: Path = law.LEGAL) -> dict[str, dict[int, Campaign]]:
    """By grade, then year. Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "corps", "grades"}, folder=folder)
    corps = corps_list(data["corps"], f"{FILE}: corps")
    grades = law.mapping(data["grades"], f"{FILE}: grades")
    law.check_keys(grades, {"hors_classe", "classe_exceptionnelle"}, frozenset(), f"{FILE}: grades")
    return {
        grade: {
            law.whole(year, f"{FILE}: {grade}"): _campaign(entry, f"{FILE}: {grade}.{year}", corps, data["checked_on"])
            for year, entry in law.mapping(campaigns, f"{FILE}: {grade}").items()
        }
        for grade, campaigns in grades.items()
    }


def _campaign(entry: Any, where: str, corps: tuple[str, ...], checked_on: dt.date) -> Campaign:
    law.check_keys(entry, {"rates", "source"}, frozenset({"confidence", "url"}), where)
    raw = law.mapping(entry["rates"], f"{where}.rates")
    law.check_keys(raw, {ALL} if ALL in raw else set(corps), frozenset(), f"{where}.rates")
    read = {
        code: None if value == law.UNKNOWN else law.decimal(value, f"{where}.rates.{code}")
        for code, value in raw.items()
    }
    return Campaign(
        {code: read[ALL] if ALL in read else read[code] for code in corps}, law.source_of(entry, checked_on, where)
    )


@lru_cache(maxsize=1)
def load_rates() -> dict[str, dict[int, Campaign]]:
    """The rates of the project, read once per process."""
    return build_rates()


def rate_node(grade: str, corps: str, year: int) -> Node:
    """The rate of a campaign, in % of the promotable agents. Raises UnknownFigure("rate_unpublished")."""
    campaign = load_rates().get(grade, {}).get(year)
    rate = campaign.rates.get(corps) if campaign else None
    if campaign is None or rate is None:
        raise UnknownFigure("rate_unpublished", year=year)
    return _node(
        "Taux de promotion", rate, year, campaign.source, f"Campagne {year} : promus rapportés aux promouvables."
    )


def last_rate_node(grade: str, corps: str, year: int) -> Node:
    """The last rate known before the campaign `year`, in %: an assumption. Raises UnknownFigure("rate_unpublished")."""
    campaigns = load_rates().get(grade, {})
    for known in sorted(campaigns, reverse=True):
        rate = campaigns[known].rates.get(corps)
        if known < year and rate is not None:
            return _node(
                f"Dernier taux connu (campagne {known})",
                rate,
                known,
                campaigns[known].source,
                f"Hypothèse : rien ne dit que le taux de {known} vaudra encore en {year}. Promus rapportés aux "
                "promouvables : ce n'est pas la chance d'une personne.",
            )
    raise UnknownFigure("rate_unpublished", year=year)


def _node(label: str, rate: Decimal, year: int, source: LegalSource, sentence: str) -> Node:
    return Node(
        label,
        Decimal(fewest_digits(rate * 100)),
        "% des promouvables",
        "career.promotion.rate",
        dt.date(year, 1, 1).isoformat(),
        (source,),
        sentence=sentence,
    )
