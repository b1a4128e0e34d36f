"""What a request of mobility asks of the file: steps, posts with their place, family, birth date (requirement S52)."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from career.domain.snapshot import CareerStepFact
from career.geography import academies
from career.models import Agent, Assignment, FamilySituation
from career.selectors.services_held import posts_of
from career.selectors.situation import step_fact, steps_of


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post with its place; `departement` and `academie` are empty when the annuaire does not know the establishment.

    `network` is « REP », « REP+ » or empty, as the annuaire says today. `provisional`: affectation à titre provisoire.
    """

    uai: str
    name: str
    departement: str
    academie: str
    network: str
    provisional: bool
    starts_on: dt.date
    ends_on: dt.date | None
    recorded_on: dt.date


@dataclass(frozen=True, slots=True)
class FamilyHeld:
    """`union` is aucune, mariage or pacs."""

    union: str
    union_on: dt.date | None
    conjoint_departement: str
    children_birthdates: tuple[dt.date, ...]
    effective_on: dt.date
    recorded_on: dt.date


@dataclass(frozen=True, slots=True)
class MobilityFile:
    """`posts` oldest first; `family` the situation in force on the day asked, None when none was transmitted."""

    birth_date: dt.date
    steps: tuple[CareerStepFact, ...]
    posts: tuple[PostHeld, ...]
    family: FamilyHeld | None
    origin: str


def mobility_file(agent: Agent, *, on: dt.date) -> MobilityFile:
    """Three queries."""
    steps = tuple(step_fact(row) for row in steps_of(agent))
    posts = tuple(_post(row) for row in posts_of(agent))
    return MobilityFile(agent.birth_date, steps, posts, _family(agent, on), settings.SIAE_LABEL)


def _post(row: Assignment) -> PostHeld:
    place = row.establishment
    found = academies().get(place.departement) if place else None
    return PostHeld(
        row.uai,
        place.name if place else f"Établissement {row.uai}",
        place.departement if place else "",
        found.name if found else "",
        place.priority_network if place else "",
        row.nature in ("provisoire", "afa"),
        row.starts_on,
        row.ends_on,
        timezone.localtime(row.recorded_at).date(),
    )


def _family(agent: Agent, on: dt.date) -> FamilyHeld | None:
    row = (
        FamilySituation.objects.filter(agent=agent, cancelled=False, effective_on__lte=on)
        .order_by("-effective_on", "-seq")
        .first()
    )
    if row is None:
        return None
    return FamilyHeld(
        row.union,
        row.union_on,
        row.conjoint_departement,
        tuple(row.children_birthdates),
        row.effective_on,
        timezone.localtime(row.recorded_at).date(),
    )
