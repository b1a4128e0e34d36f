"""Places one may ask: académies in the second degré, départements in the first; how each is written and found again."""

from collections.abc import Mapping
from functools import cache

from career.geography import academies, departement_names
from iprof.kernel.text import sort_key
from mobility.domain.facts import Degree

OUTSIDE = frozenset({"975", "977", "978", "986", "987", "988"})  # no département of a mouvement, codes of the INSEE


@cache
def places(degree: Degree) -> Mapping[str, str]:
    """What is asked → its words, in the order they are read: {"Reims": "Reims"}, {"51": "51 · Marne"}."""
    inside = {code: one for code, one in academies().items() if code not in OUTSIDE}
    if degree is Degree.FIRST:
        return {code: f"{code} · {departement_names()[code]}" for code in sorted(inside)}
    return {name: name for name in sorted({one.name for one in inside.values()}, key=sort_key)}


@cache
def outside(degree: Degree) -> frozenset[str]:
    """The words of places that no mouvement reaches, to compare by."""
    named = {departement_names()[code] for code in OUTSIDE} | set(OUTSIDE)
    academie = {academies()[code].name for code in OUTSIDE} - set(places(Degree.SECOND))
    return frozenset(sort_key(one) for one in (named | academie if degree is Degree.SECOND else named))


def place_words(degree: Degree, place: str) -> str:
    """« Reims », « 51 · Marne »; the code itself for what a list of today no longer holds."""
    return places(degree).get(place, place)


def found_place(degree: Degree, typed: str) -> str:
    """The place meant by what was typed, whatever its accents and capitals, name or code; empty when there is none."""
    return _by_words(degree).get(sort_key(typed), "")


def is_outside(degree: Degree, typed: str) -> bool:
    return sort_key(typed) in outside(degree)


@cache
def _by_words(degree: Degree) -> Mapping[str, str]:
    found = {sort_key(words): place for place, words in places(degree).items()}
    if degree is Degree.FIRST:
        return found | {sort_key(one): code for code in places(degree) for one in (code, departement_names()[code])}
    codes = {one.code: one.name for one in academies().values() if one.name in places(degree)}
    return found | {sort_key(code): name for code, name in codes.items()}
