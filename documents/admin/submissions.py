"""The pieces sent to a service, verified one sending at a time or several plain ones together (requirement S54)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from documents.admin.figures import FiguresPages
from documents.admin.submission_list import AgeFilter, ProcedureFilter, Queue, QueueColumns, WaitingFilter
from documents.admin.verify import MOST, Verification, accept_together, plans_of
from documents.models import Submission
from documents.policies import reviews
from documents.selectors.review import queue
from iprof.kernel.errors import DomainError
from iprof.web.admin import row_or_404
from security.models import User

FOLDER = "admin/documents/submission"


@admin.register(Submission)
class SubmissionAdmin(QueueColumns, FiguresPages):
    list_title = "Pièces à vérifier"
    change_list_template = "admin/documents/submission/change_list.html"
    list_display = ("what", "person", "pieces", "age", "last_sent", "attempt", "state")
    list_filter = (WaitingFilter, ProcedureFilter, AgeFilter, "state")
    search_fields = ("owner__last_name", "owner__first_name")
    search_help_text = "Nom ou prénom de l'agent"
    actions = ("accept_several",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and reviews(cast(User, request.user), on=timezone.localdate())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return queue(cast(User, request.user), on=timezone.localdate())

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["since", "pk"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Queue

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The pieces of one sending; POST decides on them. What was typed stays when it is refused."""
        self.check_may_view(request, read_only=False)
        row, by = row_or_404(self.get_queryset(request), object_id), cast(User, request.user)
        verification = Verification(request.POST or None, row, by)
        if request.method != "POST":
            return self._verify(request, verification)
        try:
            done = verification.act(request)
        except DomainError as error:
            verification = verification.again(row_or_404(self.get_queryset(request), object_id), error)
            return self._verify(request, verification, status=verification.status(error))
        if not done:
            return self._verify(request, verification, status=400)
        messages.success(request, done)
        return redirect(_page(row) if self.get_queryset(request).filter(pk=row.pk).exists() else _list())

    def _verify(self, request: HttpRequest, verification: Verification, *, status: int = 200) -> HttpResponse:
        return self.own_page(
            request,
            f"{FOLDER}/verify.html",
            status=status,
            title="Vérifier un envoi de pièces",
            row=verification.row,
            shown=verification.shown,
            pairs=verification.pairs,
            problem=verification.problem,
            lost=verification.lost,
            errors=verification.errors,
        )

    def _plan(self, request: HttpRequest, rows: list[Submission], by: User) -> HttpResponse:
        plans = plans_of(rows, by)
        return self.own_page(
            request,
            f"{FOLDER}/several.html",
            title="Accepter plusieurs envois",
            plans=plans,
            most=MOST,
            total=sum(len(plan.accepted) for plan in plans),
            left=sum(len(plan.left) for plan in plans),
        )

    @admin.action(description="Accepter les pièces sans anomalie des envois choisis", permissions=["view"])
    def accept_several(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse | None:
        """A page that counts what would be accepted; then, confirmed, does it, each sending by itself."""
        by = cast(User, request.user)
        if "confirmer" not in request.POST:
            return self._plan(request, list(queryset[:MOST]), by)
        accepted, changed = accept_together(self.get_queryset(request), by, request)
        if accepted:
            s = "s" if accepted > 1 else ""
            messages.success(
                request,
                f"{accepted} pièce{s} acceptée{s}. Les agents sont avertis quand leur envoi est entièrement vu.",
            )
        if changed:
            messages.warning(
                request, f"Envois qui ont changé depuis le récapitulatif, laissés tels quels : {changed}. Ouvrez-les."
            )
        return None


def _page(row: Submission) -> str:
    return reverse("admin:documents_submission_change", args=[row.pk])


def _list() -> str:
    return reverse("admin:documents_submission_changelist")
