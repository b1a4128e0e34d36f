"""Copies of alerts in the administration: which channel, whether it left. Neither the words, nor the device, nor an address."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from iprof.correspondence.models import AlertCopy
from iprof.correspondence.models.alerts import WAITING
from iprof.correspondence.tasks import send_copies
from iprof.web.admin import ReadOnlyAdmin


class CopyDeliveryFilter(admin.SimpleListFilter):
    title, parameter_name = "envoi", "envoi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("envoyee", "Envoyée"), ("attente", "En attente"), ("abandon", "Abandonnée")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AlertCopy]) -> QuerySet[AlertCopy]:
        match self.value():
            case "envoyee":
                return queryset.filter(sent_at__isnull=False)
            case "attente":
                return queryset.filter(WAITING)
            case "abandon":
                return queryset.filter(abandoned_at__isnull=False)
            case _:
                return queryset


@admin.register(AlertCopy)
class AlertCopyAdmin(ReadOnlyAdmin):
    list_display = ("id", "channel", "person", "delivery", "attempts", "next_try_at", "last_error")
    list_filter = (CopyDeliveryFilter, "channel")
    list_select_related = ("alert__user",)
    search_fields = ("alert__user__username",)
    search_help_text = "Identifiant du destinataire"
    actions = ("resend",)
    fields: ClassVar[list[Any]] = [
        "channel", "person", "sent_at", "attempts", "next_try_at", "last_error", "abandoned_at",
    ]  # fmt: skip
    readonly_fields = ("person",)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if request.user.has_perm("correspondence.resend_alert") else {}

    @admin.display(description="destinataire", ordering="alert__user__username")
    def person(self, copy: AlertCopy) -> str:
        return str(copy.alert.user)

    @admin.display(description="envoi")
    def delivery(self, copy: AlertCopy) -> str:
        return "Envoyée" if copy.sent_at else "Abandonnée" if copy.abandoned_at else "En attente"

    @admin.action(description="Relancer l'envoi des copies choisies")
    def resend(self, request: HttpRequest, queryset: QuerySet[AlertCopy]) -> None:
        """Those given up only: one that waits leaves by itself, one that left never leaves twice."""
        fresh = {"next_try_at": timezone.now(), "abandoned_at": None, "attempts": 0, "last_error": ""}
        count = queryset.filter(sent_at__isnull=True, abandoned_at__isnull=False).update(**fresh)
        if count:
            send_copies.delay()
        messages.success(request, f"{count} copie(s) relancée(s). Seules celles qui étaient abandonnées le sont.")
