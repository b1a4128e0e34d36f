"""Who saw the portal in the place of whom: read by the DPO and the administrators, never written."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from iprof.web.admin import ReadOnlyAdmin
from security.models import Impersonation
from security.selectors_impersonation import recent_impersonations


@admin.register(Impersonation)
class ImpersonationAdmin(ReadOnlyAdmin):
    list_display = ("began_at", "staff", "subject", "motive", "reason", "shown_end", "pages")
    list_filter = ("motive", "end_cause")
    list_select_related = ("staff", "subject")
    search_fields = ("staff__username", "subject__username")
    search_help_text = "Identifiant de l'auteur ou de l'agent"
    date_hierarchy = "began_at"
    change_list_template = "admin/security/impersonation/change_list.html"
    fields = (
        ("staff", "subject"),
        ("motive", "reason"),
        ("began_at", "ends_at"),
        ("ended_at", "end_cause"),
        ("pages", "public_id"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Impersonation]:
        return super().get_queryset(request).select_related("staff", "subject")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"figures": recent_impersonations(), **(extra_context or {})})

    @admin.display(description="à", ordering="ended_at", empty_value="en cours")
    def shown_end(self, visit: Impersonation) -> Any:
        return visit.ended_at
