"""The access journal, for the DPO: read, searched, never written (norms D19-D21)."""

from typing import Any, ClassVar

from django.contrib import admin

from iprof.web.admin import ReadOnlyAdmin
from security.models import AccessEvent


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "actor_label", "subject", "reason", "ip")
    list_filter = ("kind",)
    list_select_related = ("subject",)
    search_fields = ("actor__username", "subject__username")
    search_help_text = "Identifiant de l'auteur ou de la personne concernée"
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields: ClassVar[list[Any]] = [
        "at",
        "kind",
        "actor",
        "actor_label",
        "subject",
        "reason",
        "detail",
        "ip",
        "request_id",
    ]
