"""What waits for an answer, in the queues of requests: to be treated, late, answered."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from career.selectors.corrections import OPEN_STATES


class WaitingFilter(admin.SimpleListFilter):
    """For a model with `state` and `due_on`."""

    title, parameter_name = "suite donnée", "attente"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "À traiter"), ("retard", "En retard"), ("non", "Répondues")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "oui":
                return queryset.filter(state__in=OPEN_STATES)
            case "retard":
                return queryset.filter(state__in=OPEN_STATES, due_on__lt=timezone.localdate())
            case "non":
                return queryset.exclude(state__in=OPEN_STATES)
            case _:
                return queryset
