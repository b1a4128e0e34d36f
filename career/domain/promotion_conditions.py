"""Who may be promoted to a grade, as dated law."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from career.domain import law
from iprof.kernel.dated import DatedValues

HEAD = {"label", "checked_on", "observation_day", "effect_day", "from_grade", "corps", "values"}
OTHERS = "others"
# The grades one is promoted to, in order, as a sentence names them: « la hors-classe ».
GRADE_NAMES = {"hors_classe": "hors-classe", "classe_exceptionnelle": "classe exceptionnelle"}


@dataclass(frozen=True, slots=True)
class Voie:
    """One way in: échelon by corps (None: not published), months in that échelon, years of particular functions."""

    echelon: Mapping[str, int | None]
    months: int = 0
    functions_years: int = 0
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Conditions:
    """One of the `voies` is enough; `parental_leave` False: an agent on congé parental is not examined."""

    voies: tuple[Voie, ...]
    parental_leave: bool = True


@dataclass(frozen=True, slots=True)
class Access:
    """The way into a grade: from which one, for which corps, observed and effective on which days of the year."""

    to_grade: str
    from_grade: str
    corps: tuple[str, ...]
    observation: tuple[int, int]
    effect: tuple[int, int]
    values: DatedValues[Conditions]

    def observation_day(self, year: int) -> dt.date:
        return dt.date(year, *self.observation)

    def effect_day(self, observed_on: dt.date) -> dt.date:
        """The conditions in force that day decide; an observation later in the year stands for itself."""
        return max(observed_on, dt.date(observed_on.year, *self.effect))


def build_access(folder: Path = law.LEGAL) -> dict[str, Access]:
    """By grade promoted to. Raises LawFileError."""
    readers: dict[str, tuple[set[str], Callable[..., Conditions]]] = {
        "hors_classe": ({"echelon", "months", "parental_leave"}, _one_voie),
        "classe_exceptionnelle": ({"voies"}, _voies),
    }
    found = {}
    for grade, (keys, build) in readers.items():
        file = f"promotions/{grade}.yaml"
        data = law.read(file, required=HEAD, folder=folder)
        corps = corps_list(data["corps"], f"{file}: corps")
        found[grade] = Access(
            grade,
            law.text(data["from_grade"], f"{file}: from_grade"),
            corps,
            law.month_day(data["observation_day"], f"{file}: observation_day"),
            law.month_day(data["effect_day"], f"{file}: effect_day"),
            law.dated(file, data["values"], data["checked_on"], keys, partial(build, corps=corps)),
        )
    return found


def corps_list(value: object, where: str) -> tuple[str, ...]:
    return tuple(law.text(code, where) for code in law.sequence(value, where))


def _one_voie(entry: Mapping[str, Any], where: str, corps: tuple[str, ...]) -> Conditions:
    echelon = law.whole(entry["echelon"], f"{where}.echelon")
    months = law.whole(entry["months"], f"{where}.months")
    leave = law.flag(entry["parental_leave"], f"{where}.parental_leave")
    return Conditions((Voie(dict.fromkeys(corps, echelon), months),), leave)


def _voies(entry: Mapping[str, Any], where: str, corps: tuple[str, ...]) -> Conditions:
    voies = []
    for raw in law.sequence(entry["voies"], f"{where}.voies"):
        law.check_keys(raw, {"echelon", "functions_years", "share"}, frozenset(), f"{where}.voies")
        named = law.mapping(raw["echelon"], f"{where}.voies.echelon")
        law.check_keys(named, {OTHERS}, frozenset(corps), f"{where}.voies.echelon")
        echelon = {
            code: None if value == law.UNKNOWN else law.whole(value, f"{where}.voies.echelon.{code}")
            for code, value in named.items()
        }
        voies.append(
            Voie(
                {code: echelon.get(code, echelon[OTHERS]) for code in corps},
                functions_years=law.whole(raw["functions_years"], f"{where}.voies.functions_years"),
                share=law.decimal(raw["share"], f"{where}.voies.share"),
            )
        )
    return Conditions(tuple(voies))


@lru_cache(maxsize=1)
def load_access() -> dict[str, Access]:
    """The conditions of the project, read once per process."""
    return build_access()
