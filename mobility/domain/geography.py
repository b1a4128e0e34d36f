"""Where things are: académies, départements, which of them touch, which countries do (mobility/legal/geography.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from iprof.kernel import law
from iprof.kernel.legal import LegalSource
from iprof.kernel.text import unaccent
from mobility.domain.law import LEGAL

FILE = "geography.yaml"
KEYS = {"checked_on", "source", "confidence", "academies", "overseas", "names", "borders", "single_entities",
        "border_countries", "outside", "merged"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Geography:
    """`academie_of` maps a département to its académie; `near_departements` and `near_academies` are symmetric.

    `entity_of` maps a département to the single place it counts in (75, 92, 93 and 94 are one), itself otherwise.
    """

    codes: Mapping[str, str]
    departements: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    academie_of: Mapping[str, str]
    near_departements: Mapping[str, frozenset[str]]
    near_academies: Mapping[str, frozenset[str]]
    entity_of: Mapping[str, str]
    overseas: frozenset[str]
    countries: frozenset[str]
    outside: frozenset[str]
    merged: Mapping[str, str]  # académies that are no more, and the one they are part of
    source: LegalSource

    def academie(self, told: str) -> str:
        """The name of an académie told by name or by code, whatever its case and accents; empty when there is none."""
        return told if told in self.codes else _names().get(_fold(told), "")

    def departement(self, told: str) -> str:
        """The code of a département told by code; empty when there is none."""
        code = told.strip().upper()
        return code if code in self.academie_of else ""

    def is_outside(self, told: str) -> bool:
        return _fold(told) in {_fold(one) for one in self.outside}

    def is_border_country(self, told: str) -> bool:
        return _fold(told) in {_fold(one) for one in self.countries}

    def same_place(self, one: str, other: str) -> bool:
        """Whether two départements count as one place for the years of separation."""
        return self.entity_of.get(one, one) == self.entity_of.get(other, other)


def _fold(text: str) -> str:
    return unaccent(text).replace("-", " ").replace("’", "'").lower().strip()


@cache
def _names() -> Mapping[str, str]:
    found = geography()
    by_name = {_fold(name): name for name in found.codes}
    return by_name | {code: name for name, code in found.codes.items()}


@cache
def geography() -> Geography:
    return build_geography(law.load(FILE, folder=LEGAL))


def build_geography(data: Any) -> Geography:
    """Raises LawFileError where the file does not hold: a département in no académie or in two, a border to nowhere."""
    law.check_keys(data, KEYS, frozenset(), FILE)
    departements, codes, academie_of = {}, {}, {}
    for name, entry in law.mapping(data["academies"], f"{FILE}: academies").items():
        law.check_keys(entry, {"code", "departements"}, frozenset(), f"{FILE}: {name}")
        codes[name] = law.text(entry["code"], f"{FILE}: {name}")
        departements[name] = tuple(law.sequence(entry["departements"], f"{FILE}: {name}"))
        for one in departements[name]:
            if one in academie_of:
                raise law.LawFileError(f"{FILE}: {one} is in two académies")
            academie_of[one] = name
    if set(data["names"]) != set(academie_of):
        raise law.LawFileError(f"{FILE}: names and départements differ")
    near = _touching(data["borders"], academie_of)
    entities = {one: code for code, entry in data["single_entities"].items() for one in entry["departements"]}
    return Geography(
        codes=codes,
        departements=departements,
        names=data["names"],
        academie_of=academie_of,
        near_departements=near,
        near_academies=_academies(near, departements, academie_of),
        entity_of={one: entities.get(one, one) for one in academie_of},
        overseas=frozenset(data["overseas"]),
        countries=frozenset(data["border_countries"]["values"]),
        outside=frozenset(data["outside"]["values"]),
        merged=law.mapping(data["merged"], FILE),
        source=law.source_of(data, data["checked_on"], FILE),
    )


def _touching(borders: Mapping[str, list[str]], academie_of: Mapping[str, str]) -> dict[str, frozenset[str]]:
    near: dict[str, set[str]] = {one: set() for one in academie_of}
    for one, others in borders.items():
        for other in others:
            if one not in near or other not in near or other <= one:
                raise law.LawFileError(f"{FILE}: border {one}-{other}")
            near[one].add(other)
            near[other].add(one)
    return {one: frozenset(others) for one, others in near.items()}


def _academies(
    near: Mapping[str, frozenset[str]], departements: Mapping[str, tuple[str, ...]], academie_of: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    return {
        name: frozenset(academie_of[other] for one in inside for other in near[one]) - {name}
        for name, inside in departements.items()
    }
