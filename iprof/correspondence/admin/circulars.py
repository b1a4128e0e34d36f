"""Correspondences in the administration: written, then followed on a page of their own from the dry run to the recall."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from iprof.correspondence.admin.circular_pages import CircularPages
from iprof.correspondence.admin.circular_steps import SENTENCES
from iprof.correspondence.forms.circular_admin import CircularForm
from iprof.correspondence.models import Circular
from iprof.correspondence.models.circulars import SENT
from iprof.correspondence.rich_text import refused_tags
from iprof.correspondence.search import query_of
from iprof.correspondence.selectors.circular_follow import (
    Progress,
    progress_of,
)
from iprof.correspondence.services.circular_drafts import save_circular
from iprof.kernel.errors import DomainError
from iprof.web.admin import PortalAdmin
from security.models import User

SAID = ("title", "kind", "reference", "body", "result", "deadline", "expects_act")
FOR = ("everyone", "departements", "corps", "grades", "disciplines", "uais", "logins")


class CircularList(ChangeList):
    """Rows with their counts (two queries more, whatever their number), each leading to the page that follows it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        counts = progress_of(rows)
        for row in rows:
            row.progress = counts[row.pk]
        self.result_list = rows  # the page goes through it, nothing else

    def url_for_result(self, result: Any) -> str:
        return reverse("admin:correspondence_circular_follow", args=[result.pk])


@admin.register(Circular)
class CircularAdmin(CircularPages):
    form = CircularForm
    list_display = ("title", "kind", "state", "deadline", "released_at", "recipient_count", "read", "acted", "sending")
    list_filter = ("state", "kind")
    view_on_site = False  # its page is for its recipients
    list_per_page = 20
    search_fields = ("title",)  # opens the search box; `get_search_results` looks into the text too
    search_help_text = "Mots du titre ou du texte, avec ou sans accents"
    date_hierarchy = "released_at"
    change_form_template = "admin/correspondence/circular/change_form.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Circular], search_term: str
    ) -> tuple[QuerySet[Circular], bool]:
        return (queryset.filter(search=query_of(search_term)) if search_term.strip("\x00 ") else queryset), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CircularList

    @admin.display(description="lues")
    def read(self, circular: Any) -> int:
        return cast(Progress, circular.progress).read

    @admin.display(description="faites")
    def acted(self, circular: Any) -> str:
        return str(circular.progress.acted) if circular.asks_something else ""

    @admin.display(description="courriels")
    def sending(self, circular: Any) -> str:
        count: Progress = circular.progress
        parts = (
            ("envoyés", count.sent),
            ("en attente", count.waiting),
            ("abandonnés", count.abandoned),
            ("retirés", count.withdrawn),
        )
        return ", ".join(f"{number} {what}" for what, number in parts if number)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return PortalAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Circular | None = None) -> bool:
        """What is sent changes no more."""
        return (obj is None or obj.state not in SENT) and PortalAdmin.has_change_permission(self, request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Circular | None = None) -> Any:
        said = (None, {"fields": SAID if obj is None else (*SAID, "version")})
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not writes:
            return ((None, {"fields": SAID}),)
        files = ("pieces", "retirer") if obj is not None and obj.files.exists() else ("pieces",)
        return (said, ("Destinataires", {"fields": FOR}), ("Pièces jointes", {"fields": files}))

    def get_form(self, request: HttpRequest, obj: Circular | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)  # a new class each time
        form.by = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Circular, form: Any, change: bool) -> None:
        try:
            save_circular(circular=obj, by=cast(User, request.user), added=form.added, removed=form.removed)
        except DomainError as error:  # released while this page was open
            raise PermissionDenied(SENTENCES[error.code]) from error

    def response_add(self, request: HttpRequest, obj: Circular, post_url_continue: Any = None) -> HttpResponse:
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: Circular) -> HttpResponse:
        return self._saved(request, obj)

    def _saved(self, request: HttpRequest, circular: Circular) -> HttpResponse:
        messages.success(
            request, "Le brouillon est enregistré. Rien n'est parti : simulez l'envoi pour voir qui le recevrait."
        )
        if refused := refused_tags(circular.body):
            messages.warning(
                request, f"Mise en forme retirée du texte : {', '.join(refused)}. Relisez la page ci-dessous."
            )
        return redirect(reverse("admin:correspondence_circular_follow", args=[circular.pk]))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}  # the dry run comes next
        response = super().render_change_form(request, context, *args, **kwargs)
        if context.get("errors"):
            response.status_code = 400
        return response
