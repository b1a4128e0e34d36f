"""The queue of requests about rendez-vous de carrière: those due first, each answered by a person (norm D28)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from career.admin.waiting import WaitingFilter
from career.models import AppraisalRequest
from career.selectors.appraisals import OPEN_STATES, visible_requests
from career.services.appraisals import answer, take_up
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.text import sort_key
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.models import User

TEMPLATE = "admin/career/appraisalrequest/answer.html"
TYPED_WRONG = {"appraisal_answer_empty", "appraisal_kept"}


@admin.register(AppraisalRequest)
class AppraisalRequestAdmin(ReadOnlyAdmin):
    list_display = ("subject", "agent", "state", "due_on", "late")
    list_filter = (WaitingFilter, "kind", "state")
    search_fields = ("agent__sort_key",)
    search_help_text = "Nom de l'agent, avec ou sans accents"
    ordering = ("due_on", "created_at", "pk")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppraisalRequest]:
        rows = visible_requests(cast(User, request.user), on=timezone.localdate())
        return rows.select_related("agent__user", "answered_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AppraisalRequest], search_term: str
    ) -> tuple[QuerySet[AppraisalRequest], bool]:
        return super().get_search_results(request, queryset, sort_key(search_term.replace("\x00", "")))

    @admin.display(description="en retard", boolean=True)
    def late(self, row: AppraisalRequest) -> bool:
        return row.state in OPEN_STATES and row.due_on is not None and row.due_on < timezone.localdate()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The request; POST takes it up, accepts or refuses it. What was typed stays when it is refused."""
        self.check_may_view(request, read_only=False)
        row = row_or_404(self.get_queryset(request), object_id)
        may_answer = request.user.has_perm("career.answer_appraisal")
        problem, status = "", 200
        if request.method == "POST":
            if not may_answer:
                raise PermissionDenied
            try:
                self._act(request, row)
            except DomainError as error:
                problem, status = explain_error(error), 400 if error.code in TYPED_WRONG else 409
            else:
                return redirect(reverse("admin:career_appraisalrequest_change", args=[row.pk]))
        return self.own_page(
            request,
            TEMPLATE,
            status=status,
            title="Demande sur un rendez-vous de carrière",
            row=row,
            open=row.state in OPEN_STATES,
            late=self.late(row),
            may_answer=may_answer and row.agent.user_id != request.user.pk,
            answer=request.POST.get("reponse", "")[:2000],
            problem=problem,
        )

    @staticmethod
    def _act(request: HttpRequest, row: AppraisalRequest) -> None:
        by, text = cast(User, request.user), request.POST.get("reponse", "").replace("\x00", "")[:2000]
        match request.POST.get("decision"):
            case "examiner":
                take_up(asked=row, by=by)
                messages.success(request, "La demande est en cours d'examen. L'agent en est averti.")
            case "accepter" | "refuser" as decision:
                answer(asked=row, by=by, accepted=decision == "accepter", text=text)
                messages.success(request, "La réponse est envoyée. L'agent en est averti.")
            case _:
                messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")
