"""A career on the grid, walked échelon by échelon with the durations of the law, and what goes with it."""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from career.domain.advancement import can_have_bonification, next_step
from career.domain.grids import load_grids
from career.domain.snapshot import CareerStepFact
from career.generator.people import Person
from iprof.kernel.errors import DomainError
from iprof.kernel.periods import add_months, school_year

PPCR = dt.date(2017, 9, 1)  # the grids before are not in the law files: careers older than that start here
CORPS = (
    "pe",
    "certifies",
    "plp",
    "agreges",
    "peps",
    "cpe",
    "contractuels",
    "psyen",
    "instituteurs",
    "chaires_superieures",
)
WEIGHTS = (38, 29, 9, 7, 5, 4, 4, 2, 1, 1)
HC_CHANCE, CE_CHANCE = 0.21, 0.12
LAST_INSTITUTEUR = 1991  # nobody entered the corps after it was closed
SUBJECT_OF = {
    "pe": "Enseignement du premier degré",
    "cpe": "Éducation",
    "psyen": "Psychologie",
    "instituteurs": "Enseignement du premier degré",
}
KIND_OF = {
    "pe": "ecole", "instituteurs": "ecole", "agreges": "lycee", "chaires_superieures": "lycee", "plp": "lycee_pro",
}  # fmt: skip
WEEKLY_HOURS = {"pe": 24, "instituteurs": 24, "chaires_superieures": 9, "contractuels": 18}  # beside those of the law

Event = tuple[str, dict[str, Any]]


def least_years(corps: str, on: dt.date) -> int:
    """The years of service without which nobody is in this corps."""
    return {"instituteurs": on.year - LAST_INSTITUTEUR, "chaires_superieures": 12}.get(corps, 0)


def draw_corps(rng: random.Random, person: Person, on: dt.date) -> str:
    corps = rng.choices(CORPS, WEIGHTS)[0]
    if on.year - person.entered_on.year < least_years(corps, on):
        return "pe" if corps == "instituteurs" else "agreges"
    return corps


def steps(rng: random.Random, corps: str, person: Person, on: dt.date) -> list[tuple[CareerStepFact, str]]:
    """(step, mode) in order, up to `on`. Contractuels have no échelon: one step per contract."""
    if corps == "contractuels":
        start = max(person.entered_on, dt.date(on.year - rng.randint(0, 5), 9, 1))
        return [
            (
                CareerStepFact(
                    corps, "deuxieme_categorie" if rng.random() < 0.3 else "premiere_categorie", None, min(start, on)
                ),
                "contrat",
            )
        ]
    grade = "grade_unique" if corps in {"instituteurs", "chaires_superieures"} else "classe_normale"
    if person.entered_on >= PPCR:
        current, mode = CareerStepFact(corps, grade, 1, person.entered_on), "recrutement"
    else:
        current, mode = _reclassed(rng, corps, grade, person), "reclassement"
    walked = [(current, mode)]
    while True:
        following = _advance(rng, current, walked, on)
        if following is None:
            return walked
        current = following[0]
        walked.append(following)


def _reclassed(rng: random.Random, corps: str, grade: str, person: Person) -> CareerStepFact:
    """Where somebody who entered before 2017 stood on 1 September 2017, by years served."""
    years = PPCR.year - person.entered_on.year
    if grade == "grade_unique":
        top = 5 if corps == "chaires_superieures" else 11
        return CareerStepFact(corps, grade, max(1, min(top, 1 + years // 3)), PPCR)
    if years >= 21 and rng.random() < 0.6:
        top = 4 if corps == "agreges" else 5
        echelon = min(top, 1 + (years - 21) // 2)
        if corps == "agreges" and echelon == top:
            return CareerStepFact(corps, "hors_classe", echelon, PPCR, chevron=1)
        return CareerStepFact(corps, "hors_classe", echelon, PPCR)
    echelon = next(
        e
        for limit, e in ((1, 1), (2, 2), (4, 3), (6, 4), (8, 5), (11, 6), (14, 7), (17, 8), (20, 9), (24, 10), (99, 11))
        if years <= limit
    )
    return CareerStepFact(corps, grade, echelon, PPCR, kept_days=rng.choice((0, 0, 30, 90, 180, 240)))


def _advance(
    rng: random.Random, current: CareerStepFact, walked: list[tuple[CareerStepFact, str]], on: dt.date
) -> tuple[CareerStepFact, str] | None:
    start = current.seniority_start
    for step, _ in reversed(walked):
        if (step.grade, step.echelon) != (current.grade, current.echelon):
            break
        start = step.seniority_start
    bonified = can_have_bonification(current) and rng.random() < 0.3
    try:
        found = next_step(current, start, bonification=bonified)
    except DomainError:
        return None
    promotion = _promotion(rng, current, start, found.on or dt.date.max, on)
    if promotion is not None:
        return promotion
    if found.on is None or found.on > on:
        return None
    echelon = found.echelon or 0
    chevron = found.chevron
    rule = load_grids().rule(current.corps, current.grade, echelon, found.on).value
    if rule.hors_echelle and chevron is None:
        chevron = 1
    fact = CareerStepFact(
        current.corps, current.grade, echelon, max(found.on, current.effective_on + dt.timedelta(1)), chevron
    )
    return fact, "bonification" if bonified and found.bonified else "anciennete"


def _promotion(
    rng: random.Random, current: CareerStepFact, start: dt.date, before: dt.date, on: dt.date
) -> tuple[CareerStepFact, str] | None:
    """A promotion of grade on a 1 September before the next échelon, for those who meet the condition that day."""
    if current.grade == "classe_normale":
        target, chance = "hors_classe", HC_CHANCE
    elif current.grade == "hors_classe":
        target, chance = "classe_exceptionnelle", CE_CHANCE
    else:
        return None
    for year in range(max(current.effective_on.year, 2018), min(before.year, on.year) + 1):
        day = dt.date(year, 9, 1)
        if not current.effective_on < day <= min(before, on):
            continue
        echelon = current.echelon or 0
        if target == "hors_classe":
            ready = echelon > 9 or (echelon == 9 and start <= dt.date(year - 2, 8, 31))
        else:
            ready = year >= 2024 and echelon >= (4 if current.corps == "agreges" else 5)
        if ready and rng.random() < chance:
            placed = _reclassement(current, target, day)
            if placed is not None:
                return placed, "promotion"
    return None


def _reclassement(current: CareerStepFact, grade: str, day: dt.date) -> CareerStepFact | None:
    """The first échelon of the new grade whose index is at least the present one."""
    grids = load_grids()
    reference = max(day, dt.date(2021, 1, 1))  # indices of the earlier years are not in the law files
    try:
        points = grids.index(current.corps, current.grade, current.echelon or 0, current.chevron, reference).value
        for echelon in sorted(grids.find_grade(current.corps, grade).structure.at(day).value):
            rule = grids.rule(current.corps, grade, echelon, day).value
            chevron = 1 if rule.hors_echelle else None
            if current.corps == "agreges" and grade == "classe_exceptionnelle" and echelon == 1:
                continue
            if grids.index(current.corps, grade, echelon, chevron, reference).value >= points:
                return CareerStepFact(current.corps, grade, echelon, day, chevron)
    except DomainError:
        return None
    return None


def step_events(walked: list[tuple[CareerStepFact, str]]) -> Iterator[Event]:
    """Each step and the arrêté that decides it."""
    titles = {
        "anciennete": "Avancement d'échelon à l'ancienneté",
        "bonification": "Avancement d'échelon avec bonification d'un an",
        "promotion": "Promotion de grade",
        "reclassement": "Reclassement au 1er septembre 2017",
        "recrutement": "Nomination",
        "contrat": "Contrat d'engagement",
    }
    for number, (step, mode) in enumerate(walked, start=1):
        arrete = f"{step.effective_on.year}-{step.corps[:3].upper()}-{step.effective_on:%m%d}-{number:02d}"
        data: dict[str, Any] = {
            "ref": f"ECH-{number:02d}",
            "corps": step.corps,
            "grade": step.grade,
            "effective_on": step.effective_on,
            "mode": mode,
            "arrete_ref": arrete,
        }
        if step.echelon is not None:
            data["echelon"] = step.echelon
        if step.chevron is not None:
            data["chevron"] = step.chevron
        if step.kept_days:
            data["kept_days"] = step.kept_days
        yield "career.step", data
        signed = step.effective_on - dt.timedelta(40)
        yield (
            "arrete.published",
            {
                "ref": arrete,
                "title": titles[mode],
                "signed_on": signed,
                "published_on": signed + dt.timedelta(6),
                "effective_on": step.effective_on,
            },
        )


def evaluation_events(rng: random.Random, walked: list[tuple[CareerStepFact, str]], on: dt.date) -> Iterator[Event]:
    """Rendez-vous de carrière in the second year of the 6e, between 18 and 30 months of the 8e, in the second of the 9e."""
    levels = ("A_consolider", "Satisfaisant", "Satisfaisant", "Tres_satisfaisant", "Tres_satisfaisant", "Excellent")
    windows = {6: (1, 13), 8: (2, 19), 9: (3, 13)}  # number and earliest month, kept ancienneté counted
    for step, _ in walked:
        if step.grade == "classe_normale" and step.echelon in windows:
            number, months = windows[step.echelon]
            held = add_months(step.seniority_start, months) + dt.timedelta(rng.randint(0, 120))
            if held <= on:
                notified = {name: day for name, day in _notifications(held) if day <= on}
                level = rng.choice(levels)
                yield (
                    "evaluation.recorded",
                    {
                        "ref": f"RDV-{number}",
                        "kind": f"rdv_carriere_{number}",
                        "held_on": held,
                        "appreciation": level if "notified_on" in notified else "",
                        "evaluator": "Inspecteur et chef d'établissement",
                    }
                    | notified,
                )


def _notifications(held: dt.date) -> Iterator[tuple[str, dt.date]]:
    """The report within two months, the appreciation in the autumn of the next school year, some of them late."""
    spread = held.toordinal() % 60
    yield "report_notified_on", held + dt.timedelta(spread)
    yield "notified_on", dt.date(school_year(held) + 1, 9, 10) + dt.timedelta(spread)


def diploma_events(rng: random.Random, corps: str, person: Person) -> Iterator[Event]:
    year = person.entered_on.year
    yield (
        "diploma.recorded",
        {
            "ref": "DIP-1",
            "label": "Licence",
            "level": 6,
            "institution": "Université de Champagne-Ardenne",
            "awarded_on": dt.date(year - 3, 7, 5),
        },
    )
    if year >= 2014:
        yield (
            "diploma.recorded",
            {
                "ref": "DIP-2",
                "label": "Master MEEF",
                "level": 7,
                "institution": "Université de Champagne-Ardenne",
                "awarded_on": dt.date(year, 7, 2),
            },
        )
    contests = {
        "certifies": "CAPES externe",
        "agreges": "Agrégation externe",
        "plp": "CAPLP externe",
        "peps": "CAPEPS externe",
        "pe": "Concours de recrutement de professeurs des écoles",
        "cpe": "Concours de CPE",
        "psyen": "Concours de psychologue de l'Éducation nationale",
        "chaires_superieures": "Agrégation externe",
    }
    if corps in contests:
        yield (
            "diploma.recorded",
            {
                "ref": "DIP-3",
                "label": contests[corps],
                "institution": "Ministère de l'Éducation nationale",
                "awarded_on": dt.date(year, 7, 12),
            },
        )


def training_events(
    rng: random.Random, person: Person, on: dt.date, catalogue: tuple[tuple[str, str], ...]
) -> Iterator[Event]:
    first = max(person.entered_on.year, on.year - 7)
    for number in range(1, rng.randint(3, 6)):
        year = rng.randint(first, on.year)
        start = dt.date(year, rng.choice((1, 2, 3, 5, 10, 11)), rng.randint(1, 26))
        if not person.entered_on <= start <= on:
            continue
        label, competence = rng.choice(catalogue)
        days = rng.choice((1, 1, 1, 2, 3))
        yield (
            "training.recorded",
            {
                "ref": f"FOR-{number}",
                "label": label,
                "starts_on": start,
                "ends_on": start + dt.timedelta(days - 1),
                "hours": 6 * days,
                "competence": competence,
                "origin": "scolarite_services",
                "certifying": rng.random() < 0.1,
            },
        )
    if on >= dt.date(2025, 6, 30) and rng.random() < 0.35:
        day = dt.date(2025, rng.randint(1, 6), rng.randint(1, 28))
        yield (
            "training.recorded",
            {
                "ref": "PIX-2025",
                "label": "Parcours PIX 2025",
                "starts_on": day,
                "ends_on": day,
                "hours": 15,
                "competence": "Numérique pédagogique",
                "origin": "pix",
                "certifying": True,
            },
        )


def assignment_events(
    rng: random.Random,
    corps: str,
    person: Person,
    on: dt.date,
    establishments: dict[str, list[str]],
    disciplines: dict[str, tuple[tuple[str, str], ...]],
) -> list[Event]:
    code, label = ("", SUBJECT_OF[corps]) if corps in SUBJECT_OF else rng.choice(disciplines[corps])
    starts = sorted(
        {
            person.entered_on,
            *(
                dt.date(y, 9, 1)
                for y in rng.sample(
                    range(person.entered_on.year, on.year + 1), k=min(2, on.year - person.entered_on.year + 1)
                )
            ),
        }
    )
    starts = [s for s in starts if person.entered_on <= s <= on]
    events: list[Event] = []
    for number, start in enumerate(starts, start=1):
        last = number == len(starts)
        data: dict[str, Any] = {
            "ref": f"AFF-{number}",
            "uai": rng.choice(establishments[KIND_OF.get(corps, "college")]),
            "nature": "contrat"
            if corps == "contractuels"
            else ("definitif" if last or rng.random() < 0.5 else "provisoire"),
            "starts_on": start,
            "quotity": rng.choice(("100", "100", "100", "100", "80", "50")) if last else "100",
            "discipline_code": code,
            "discipline": label,
        }
        if not last:
            data["ends_on"] = starts[number] - dt.timedelta(1)
        events.append(("assignment.upserted", data))
    return events


def service_events(
    rng: random.Random, corps: str, person: Person, on: dt.date, posts: list[dict[str, Any]]
) -> Iterator[Event]:
    """The services validated each 15 October, in the post then held. CPE and PsyEN have no weekly hours of class."""
    whole = load_grids().corps[corps].weekly_hours or WEEKLY_HOURS.get(corps)
    if whole is None:
        return
    last = school_year(on) if on >= dt.date(school_year(on), 10, 20) else school_year(on) - 1
    for year in range(max(school_year(person.entered_on), last - 7), last + 1):
        validated_on = dt.date(year, 10, 15)
        post = next((post for post in reversed(posts) if post["starts_on"] <= validated_on), posts[0])
        share = int(post["quotity"])
        due = Decimal(whole * share) / 100
        overtime = share == 100 and corps not in {"pe", "instituteurs"}  # part-time and overtime exclude one another
        hsa = rng.choice((0, 0, 1, 1, 2)) if overtime else 0
        yield (
            "service.validated",
            {
                "ref": f"SRV-{year}",
                "school_year": year,
                "uai": post["uai"],
                "hours_due": due,
                "hours_done": due + hsa,
                "hsa": hsa,
                "hse": rng.choice((0, 0, 0, 4, 9)) if hsa else 0,
                "validated_on": validated_on,
            },
        )
