"""What the admin pages share: tables whose master is elsewhere are read, never written."""

from typing import Any, TypeVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BinaryField, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property

Row = TypeVar("Row", bound=Model)


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """Counts no further than CAP: on a table of a million rows the count costs more than the page."""

    CAP = 1_000

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # the admin pages through nothing else
        return rows.order_by()[: self.CAP].count()


class PortalAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """A row that does not exist, or is not for its reader, is 404; whoever may read none learns nothing of it (D16)."""

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ReadOnlyAdmin(PortalAdmin):
    """Lists and shows. `show_full_result_count` off: counting a large table twice per page helps nobody."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # one more count per filter value, on tables of a million rows
    list_per_page = 50
    list_title = ""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = self.list_title or str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """A sealed column is never filtered on: its bytes mean nothing, and a text compared with them is an error."""
        known = {field.name: field for field in self.opts.get_fields()}
        if isinstance(known.get(lookup.partition("__")[0]), BinaryField):
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Without the NUL that no text of the database holds."""
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def own_page(self, request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> TemplateResponse:
        """A page of our own in the frame of the administration."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole, status=status)

    def check_may_view(self, request: HttpRequest, *, read_only: bool = True) -> None:
        """Raises PermissionDenied: without the permission, or for a write where nothing is written."""
        if not self.has_view_permission(request) or (read_only and request.method not in {"GET", "HEAD"}):
            raise PermissionDenied


def row_or_404(rows: QuerySet[Row], object_id: str) -> Row:
    """The row of an address; whatever is not the key of a row, however long, does not exist."""
    found = None
    if object_id.isascii() and object_id.isdigit() and len(object_id) < 19:
        found = rows.filter(pk=int(object_id)).first()
    if found is None:
        raise Http404
    return found
