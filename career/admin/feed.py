"""The feed in the administration: what was loaded and when, and the messages it accepted. Nothing is written here."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from career.feed.contract import SOURCES
from career.models import FeedRun, InboxMessage
from career.selectors.quarantine import codes_of
from iprof.kernel.money import format_number
from iprof.web.admin import CappedPaginator, ReadOnlyAdmin, row_or_404

FEED_LIST = "admin/career/feed_list.html"


def short_hour(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}"


class RejectedFilter(admin.SimpleListFilter):
    title, parameter_name = "rejets", "rejets"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "Avec des rejets"), ("non", "Sans rejet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FeedRun]) -> QuerySet[FeedRun]:
        match self.value():
            case "oui":
                return queryset.filter(quarantined__gt=0)
            case "non":
                return queryset.filter(quarantined=0)
            case _:
                return queryset


class RunFilter(admin.SimpleListFilter):
    """Reached from the page of a run; offers nothing but to leave it."""

    title, parameter_name = "chargement", "chargement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        number = self.value()
        return [(number, f"n° {number}")] if number else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        number = self.value()
        if not number:
            return queryset
        known = number.isascii() and number.isdigit() and len(number) < 19
        return queryset.filter(run_id=int(number)) if known else queryset.none()


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    list_display = (
        "number", "started", "door", "file_name", "state", "duration", "lines_read", "applied", "repeated",
        "quarantined",
    )  # fmt: skip
    list_filter = (RejectedFilter, "door", "state")
    search_fields = ("file_name",)
    search_help_text = "Nom du fichier"
    ordering = ("-pk",)
    change_list_template = FEED_LIST

    @admin.display(description="n°", ordering="pk")
    def number(self, run: FeedRun) -> str:
        return f"n° {run.pk}"

    @admin.display(description="début", ordering="started_at")
    def started(self, run: FeedRun) -> str:
        return short_hour(run.started_at)

    @admin.display(description="durée")
    def duration(self, run: FeedRun) -> str:
        if run.finished_at is None:
            return "—"
        seconds = (run.finished_at - run.started_at).total_seconds()
        if seconds < 60:
            return f"{seconds:.1f} s".replace(".", ",")
        return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.check_may_view(request)
        run = row_or_404(self.get_queryset(request), object_id)
        return self.own_page(
            request,
            "admin/career/feedrun/run.html",
            title=f"Chargement n° {run.pk}",
            run=run,
            duration=self.duration(run),
            codes=codes_of(run),
        )


@admin.register(InboxMessage)
class InboxMessageAdmin(ReadOnlyAdmin):
    """A million rows: the newest are listed, the others are found by an index, and nothing counts them all."""

    list_display = ("received", "type", "matricule", "seq", "source", "message_id")
    list_filter = (RunFilter,)
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("matricule", "message_id")
    search_help_text = "Matricule ou identifiant du message, en entier"
    paginator = CappedPaginator
    list_max_show_all = 0
    change_list_template = FEED_LIST

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboxMessage]:
        return super().get_queryset(request).defer("payload")

    @admin.display(description="reçu le")
    def received(self, message: InboxMessage) -> str:
        return short_hour(message.received_at)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[InboxMessage], search_term: str
    ) -> tuple[QuerySet[InboxMessage], bool]:
        """Whole values only, each by its index: (source, message_id) or (matricule, seq)."""
        word = search_term.strip()
        if not word:
            return queryset, False
        try:
            name = uuid.UUID(word)
        except ValueError:
            return queryset.filter(matricule=word.upper()), False
        return queryset.filter(source__in=SOURCES, message_id=name), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        words = (
            f"Les {format_number(self.paginator.CAP)} messages les plus récents au plus. "
            "Les plus anciens se trouvent par leur matricule ou leur identifiant."
        )
        return super().changelist_view(request, {"list_help": words, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """When it came and from where. What it says is the agent's file, which takes a habilitation (norm D21)."""
        self.check_may_view(request)
        message = row_or_404(self.get_queryset(request).select_related("run"), object_id)
        return self.own_page(
            request,
            "admin/career/inboxmessage/message.html",
            title="Message reçu",
            message=message,
        )
