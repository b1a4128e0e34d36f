"""Alerts in the administration: what was sent, what waits, what came back, and sending again. The text stays with its reader."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from iprof.correspondence.enums import Pace
from iprof.correspondence.models import Alert
from iprof.correspondence.models.alerts import WAITING
from iprof.correspondence.tasks import deliver_alerts
from iprof.web.admin import ReadOnlyAdmin


class DeliveryFilter(admin.SimpleListFilter):
    title, parameter_name = "envoi", "envoi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("envoyee", "Envoyée"),
            ("attente", "En attente"),
            ("abandon", "Abandonnée"),
            ("recapitulatif", "Dans un récapitulatif"),
            ("revenue", "Revenue"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        match self.value():
            case "envoyee":
                return queryset.filter(sent_at__isnull=False)
            case "attente":
                return queryset.filter(WAITING, withdrawn_at__isnull=True, digest__isnull=True).exclude(pace=Pace.NEVER)
            case "abandon":
                return queryset.filter(abandoned_at__isnull=False)
            case "recapitulatif":
                return queryset.filter(digest__isnull=False)
            case "revenue":
                return queryset.filter(bounced_at__isnull=False)
            case _:
                return queryset


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "user", "delivery", "attempts", "next_try_at")
    list_filter = (DeliveryFilter, "kind")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    search_help_text = "Identifiant du destinataire"
    date_hierarchy = "created_at"
    actions = ("resend",)
    fields: ClassVar[list[Any]] = [
        "user", "kind", "pace", "created_at", "sent_at", "attempts", "next_try_at", "last_error", "abandoned_at",
        "withdrawn_at", "bounced_at", "message_id",
    ]  # fmt: skip

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if request.user.has_perm("correspondence.resend_alert") else {}

    @admin.display(description="envoi")
    def delivery(self, alert: Alert) -> str:
        """What holds now, in the words of the filter."""
        states = (
            ("Revenue", alert.bounced_at),
            ("Envoyée", alert.sent_at),
            ("Abandonnée", alert.abandoned_at),
            ("Retirée", alert.withdrawn_at),
            ("Dans un récapitulatif", alert.digest_id),
            ("Sans courriel", alert.pace == Pace.NEVER),
        )
        return next((word for word, holds in states if holds), "En attente")

    @admin.action(description="Relancer l'envoi des alertes choisies")
    def resend(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        """Dead letters only: what waits is on its way, perhaps in a worker's hands, and what was recalled stays here.

        They keep one try: a recall tells whoever may have received something.
        """
        dead = queryset.filter(sent_at__isnull=True, abandoned_at__isnull=False, withdrawn_at__isnull=True)
        count = dead.exclude(mailing__recalled_at__isnull=False).update(
            next_try_at=timezone.now(), abandoned_at=None, attempts=1, last_error=""
        )
        if count:
            deliver_alerts.delay()
        messages.success(
            request,
            f"{count} alerte(s) relancée(s) : les abandonnées seulement. Les autres sont parties, en route ou rappelées.",
        )
