"""One fictional person: identity, address, family."""

import datetime as dt
import random
from dataclasses import dataclass, replace
from typing import Any

from career.generator import names
from iprof.kernel.periods import school_year

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Person:
    civilite: str
    first_name: str
    last_name: str
    birth_name: str
    birth_date: dt.date
    entered_on: dt.date
    numen_end: str  # what follows académie and letter
    commune: tuple[str, str, str, str]
    address: str


FIRST_DEGREE = frozenset({"pe", "instituteurs"})
RETIREMENT_AGE, LAST_AGE = 62, 66
LEFT_EARLY_SHARE, RETIRED_SHARE = 0.015, 0.4


def draw_person(rng: random.Random, number: int, on: dt.date, *, at_least: int = 0) -> Person:
    """A person who entered the académie at most thirty-six years before `on`, and `at_least` so many."""
    woman = rng.random() < 0.68
    last = _last_name(rng)
    age_at_entry = rng.choice((23, 24, 24, 25, 25, 26, 27, 29, 32, 36, 41))
    years = max(at_least, min(36, int(rng.triangular(0, 36, 12))))
    age_at_entry = min(age_at_entry, LAST_AGE - years)  # nobody teaches beyond
    entered = dt.date(on.year - years, 9, 1)
    if entered > on:
        entered = dt.date(on.year - 1, 9, 1)
    birth = dt.date(entered.year - age_at_entry, rng.randint(1, 12), rng.randint(1, 28))
    letters = LETTERS[number // 529 % 23] + LETTERS[number // 23 % 23] + LETTERS[number % 23]
    commune = rng.choices(names.COMMUNES, names.COMMUNES_WEIGHTS)[0]
    return Person(
        civilite="mme" if woman else "m",
        first_name=rng.choice(names.FIRST_F if woman else names.FIRST_M),
        last_name=last,
        birth_name=_last_name(rng) if woman and rng.random() < 0.4 else last,
        birth_date=birth,
        entered_on=entered,
        numen_end=f"{entered.year % 100:02d}{number % 100_000:05d}{letters}",
        commune=commune,
        address=f"{rng.randint(1, 120)} {rng.choice(names.STREETS)}",
    )


def named_as(person: Person, other: Person) -> Person:
    return replace(
        person,
        civilite=other.civilite,
        first_name=other.first_name,
        last_name=other.last_name,
        birth_name=other.birth_name,
    )


def _last_name(rng: random.Random) -> str:
    draw = rng.random()
    name = rng.choice(names.LAST)
    if draw < 0.06:
        return f"{name}-{rng.choice(names.LAST)}"
    if draw < 0.10:
        particle = rng.choice(names.PARTICLES)
        return particle + name if not particle.endswith("'") or name[0] in "AEIOUÉH" else "de " + name
    if draw < 0.11:
        return f"O'{name}"
    return name


def identity(person: Person, corps: str) -> dict[str, Any]:
    """What the feed tells of a person. The letter of the NUMEN is that of the degree (norm D36)."""
    return {
        "civilite": person.civilite,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_name": person.birth_name,
        "birth_date": person.birth_date,
        "entered_on": person.entered_on,
        "numen": f"19{'G' if corps in FIRST_DEGREE else 'E'}{person.numen_end}",
        "address": person.address,
        "postal_code": person.commune[1],
        "commune": person.commune[0],
        "phone": "",
    }


def departure(rng: random.Random, person: Person, contract: bool, on: dt.date) -> dict[str, Any] | None:
    """How the person left at the last rentrée, for the few who did."""
    left_on = dt.date(school_year(on), 9, 1)
    if left_on <= person.entered_on + dt.timedelta(365):
        return None
    old = left_on.year - person.birth_date.year >= RETIREMENT_AGE
    if rng.random() >= (RETIRED_SHARE if old else LEFT_EARLY_SHARE):
        return None
    early = "fin_contrat" if contract else rng.choice(("mutation", "mutation", "detachement", "demission"))
    return {"left_on": left_on, "reason": "retraite" if old else early}


def family_events(rng: random.Random, person: Person, on: dt.date) -> list[tuple[str, dict[str, Any]]]:
    """Zero to two situations: a union, then children."""
    if rng.random() < 0.25:
        return [("family.changed", {"ref": "FAM-1", "effective_on": person.entered_on, "union": "aucune"})]
    union_on = _between(rng, person.entered_on.replace(year=person.entered_on.year - 1), on)
    union = "mariage" if rng.random() < 0.6 else "pacs"
    departement = person.commune[3] if rng.random() < 0.85 else rng.choice(("02", "21", "54", "55", "75", "77", "88"))
    base = {"effective_on": union_on, "union": union, "union_on": union_on, "conjoint_departement": departement}
    events = [("family.changed", {"ref": "FAM-1", **base})]
    if rng.random() < 0.65:
        births = sorted(_between(rng, union_on, on) for _ in range(rng.choice((1, 1, 2, 2, 3))))
        events.append(
            ("family.changed", {"ref": "FAM-2", **base, "effective_on": births[-1], "children_birthdates": births})
        )
    return events


def _between(rng: random.Random, start: dt.date, end: dt.date) -> dt.date:
    return start + dt.timedelta(rng.randint(0, max((end - start).days, 0)))
