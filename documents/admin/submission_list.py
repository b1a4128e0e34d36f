"""The queue of the pieces sent to a service: the oldest first, with what waits in each."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from documents.domain.procedures import procedures
from documents.policies import procedures_for
from documents.selectors.review import counts_of, sent_before, waiting
from iprof.kernel.working_days import open_days_until
from security.models import User

ALL = "tout"
AGES = (5, 10, 20)


class WaitingFilter(admin.SimpleListFilter):
    """What one may decide on, unless asked otherwise."""

    title, parameter_name = "suite donnée", "attente"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "À vérifier par moi"), (ALL, "Tous")]

    def choices(self, changelist: Any) -> Any:
        """Without the « all » of Django, which would be the first of ours."""
        for code, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: code} if code else {}, [self.parameter_name])
            yield {"selected": (self.value() or "") == code, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == ALL:
            return queryset
        return waiting(queryset, cast(User, request.user), on=timezone.localdate())


class ProcedureFilter(admin.SimpleListFilter):
    title, parameter_name = "procédure", "procedure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        received = procedures_for(cast(User, request.user), on=timezone.localdate())
        return [(procedure.code, procedure.label) for procedure in received]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(procedure=self.value()) if self.value() in procedures() else queryset


class AgeFilter(admin.SimpleListFilter):
    title, parameter_name = "ancienneté", "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(days), f"{days} jours ouvrés ou plus") for days in AGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {str(days) for days in AGES}:
            return queryset
        last = sent_before(int(self.value() or 0), on=timezone.localdate())
        midnight = dt.datetime.combine(last + dt.timedelta(1), dt.time(), timezone.get_current_timezone())
        return queryset.filter(since__lt=midnight)


class Queue(ChangeList):
    """Rows with their counts: two queries more, whatever their number."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        counts: Mapping[int, tuple[int, int]] = counts_of(rows, cast(User, request.user), on=timezone.localdate())
        for row in rows:
            row.to_decide, row.mine = counts[row.pk]
        self.result_list = rows  # the page goes through it, nothing else


class QueueColumns:
    """The columns, of rows that come from `documents.selectors.review.queue` and `Queue`."""

    @admin.display(description="procédure", ordering="procedure")
    def what(self, row: Any) -> str:
        return str(row.label)

    @admin.display(description="agent", ordering="owner__last_name")
    def person(self, row: Any) -> str:
        return row.owner.get_full_name() or row.owner.username

    @admin.display(description="dernier envoi", ordering="since")
    def last_sent(self, row: Any) -> dt.datetime:
        return cast(dt.datetime, row.since)

    @admin.display(description="jours ouvrés depuis")
    def age(self, row: Any) -> str:
        waits = row.to_decide and row.since
        return str(open_days_until(timezone.localdate(row.since), timezone.localdate())) if waits else ""

    @admin.display(description="pièces à vérifier")
    def pieces(self, row: Any) -> str:
        return f"{row.to_decide} sur {row.mine}"
