"""Contests and late changes in the administration: read, then answered by a named person, never their own (D28, K4, S72)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from mobility.forms.answers import AnswerForm, ContestAnswerForm
from mobility.models import Contest, LateChange
from mobility.selectors.asks import asks_for, joined, node_of
from mobility.selectors.late import event_label
from mobility.services.contests import answer_contest
from mobility.services.late import answer_late_change
from mobility.wording_life import explain
from security.enums import AccessKind
from security.journal import record
from security.models import User

TEMPLATE = "admin/mobility/ask/answer.html"
TYPED_WRONG = frozenset({"contest_no_reason", "late_no_reason", "contest_no_points"})


class AskAdmin(ReadOnlyAdmin):
    """A list of what waits, then one page; POST answers. Each reading leaves a trace."""

    list_display = ("person", "label", "state", "sent_at", "decided_by")
    list_filter = ("state", "request__campaign")
    search_fields = ("request__owner__last_name", "request__owner__first_name")
    search_help_text = "Nom ou prénom de l'agent"
    answer_permission = subject = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return asks_for(super().get_queryset(request), cast(User, request.user), on=timezone.localdate())

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [F("decided_at").asc(nulls_first=True), "sent_at", "pk"]

    @admin.display(description="agent")
    def person(self, row: Any) -> str:
        return str(row.request.owner.get_full_name())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.check_may_view(request, read_only=False)
        row, by = row_or_404(self.get_queryset(request), object_id), cast(User, request.user)
        if request.method == "POST":
            return self._answered(request, row, by)
        told = {"demande": str(row.request.public_id)}
        record(AccessKind.MOBILITY_READ, actor=by, subject=row.request.owner, request=request, **told)
        return self._page(request, row, self.form_of(row))

    def _answered(self, request: HttpRequest, row: Any, by: User) -> HttpResponse:
        if not by.has_perm(self.answer_permission):
            raise PermissionDenied
        form = self.form_of(row, request.POST)
        if not form.is_valid():
            return self._page(request, row, form, status=400)
        try:
            self.answer(request, row, form, by)
        except DomainError as error:
            form.add_error(None, explain(error))
            return self._page(request, row, form, status=400 if error.code in TYPED_WRONG else 409)
        messages.success(request, "Votre réponse est enregistrée. L'agent en est averti.")
        return redirect(reverse(f"admin:mobility_{self.opts.model_name}_change", args=[row.pk]))

    def _page(self, request: HttpRequest, row: Any, form: AnswerForm, *, status: int = 200) -> HttpResponse:
        return self.own_page(
            request, TEMPLATE, status=status, title=self.label(row), row=row, form=form,
            pieces=joined(row.request.owner, f"{self.subject}:{row.public_id}"),
            may_answer=not row.answered and request.user.has_perm(self.answer_permission),
            table=self.opts.verbose_name_plural, **self.shown(row),
        )  # fmt: skip

    def label(self, row: Any) -> str:
        raise NotImplementedError

    def form_of(self, row: Any, data: Any = None) -> AnswerForm:
        return AnswerForm(data)

    def answer(self, request: HttpRequest, row: Any, form: AnswerForm, by: User) -> None:
        raise NotImplementedError

    def shown(self, row: Any) -> dict[str, Any]:
        return {}


@admin.register(Contest)
class ContestAdmin(AskAdmin):
    answer_permission, subject = "mobility.answer_contest", "contestation"

    @admin.display(description="ligne contestée")
    def label(self, row: Contest) -> str:
        return str(row)

    def form_of(self, row: Contest, data: Any = None) -> AnswerForm:
        return ContestAnswerForm(data, contest=row)

    def answer(self, request: HttpRequest, row: Contest, form: AnswerForm, by: User) -> None:
        told = form.cleaned_data
        answer_contest(
            contest=row, by=by, accepted=form.accepted, reason=told["motif"], points=told["points"],
            everywhere=told["partout"], http=request,
        )  # fmt: skip

    def shown(self, row: Contest) -> dict[str, Any]:
        return {"contest": row, "node": node_of(row)}


@admin.register(LateChange)
class LateChangeAdmin(AskAdmin):
    answer_permission, subject = "mobility.answer_late_change", "tardive"

    @admin.display(description="événement")
    def label(self, row: LateChange) -> str:
        return event_label(row)

    def answer(self, request: HttpRequest, row: LateChange, form: AnswerForm, by: User) -> None:
        answer_late_change(late=row, by=by, accepted=form.accepted, reason=form.cleaned_data["motif"], http=request)

    def shown(self, row: LateChange) -> dict[str, Any]:
        return {"late": row, "voeux": row.request.voeux.order_by("rank")}
