"""The queue of requests about rendez-vous de carrière (norm D28)."""

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from career.admin.requests import RequestAdmin, WaitingFilter
from career.models import AppraisalRequest
from career.selectors.appraisals import visible_requests
from career.services.appraisals import answer, take_up
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from security.models import User


@admin.register(AppraisalRequest)
class AppraisalRequestAdmin(RequestAdmin):
    title, template = "Demande sur un rendez-vous de carrière", "admin/career/appraisalrequest/answer.html"
    permission = "career.answer_appraisal"
    typed_wrong = frozenset({"appraisal_answer_empty", "appraisal_kept"})
    list_display = ("subject", "agent", "state", "due_on", "late")
    list_filter = (WaitingFilter, "kind", "state")
    ordering = ("due_on", "created_at", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppraisalRequest]:
        rows = visible_requests(cast(User, request.user), on=timezone.localdate())
        return rows.select_related("agent__user", "answered_by")

    def take_up(self, row: AppraisalRequest, by: User) -> None:
        take_up(asked=row, by=by)

    def answer(self, row: AppraisalRequest, by: User, *, accepted: bool, text: str) -> None:
        answer(asked=row, by=by, accepted=accepted, text=text)

    def explain(self, error: DomainError) -> str:
        return explain_error(error)
