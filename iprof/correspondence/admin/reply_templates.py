"""The texts staff start a reply from, written by those who answer."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from iprof.correspondence.models import ReplyTemplate
from iprof.web.admin import PortalAdmin


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(PortalAdmin):
    list_display = ("title", "kind", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("title", "body")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
