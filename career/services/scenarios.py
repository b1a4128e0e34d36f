"""Scenarios of projection kept by their owner: named, renamed, removed."""

from django.db import IntegrityError, transaction

from career.models import Agent, SavedScenario
from iprof.kernel.errors import DomainError

MOST = 20  # kept by one person


@transaction.atomic
def save_scenario(*, agent: Agent, name: str, query: str) -> SavedScenario:
    """Raises DomainError("scenario_name_taken" | "scenario_too_many")."""
    Agent.objects.select_for_update().get(pk=agent.pk)  # two windows at once: counted one after the other
    if SavedScenario.objects.filter(agent=agent).count() >= MOST:
        raise DomainError("scenario_too_many", most=MOST)
    try:
        with transaction.atomic():
            return SavedScenario.objects.create(agent=agent, name=name, query=query)
    except IntegrityError as error:
        raise DomainError("scenario_name_taken") from error


@transaction.atomic
def rename_scenario(*, scenario: SavedScenario, name: str) -> SavedScenario:
    """Raises DomainError("scenario_name_taken")."""
    scenario.name = name
    try:
        with transaction.atomic():
            scenario.save(update_fields=["name"])
    except IntegrityError as error:
        raise DomainError("scenario_name_taken") from error
    return scenario


@transaction.atomic
def remove_scenario(*, scenario: SavedScenario) -> None:
    """A scenario is no document: nothing is kept of it."""
    scenario.delete()
