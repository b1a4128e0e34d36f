"""The queues of requests: those due first, each answered by a person, with reasons (RGPD art. 12 and 16, norms D22, D28)."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from career.selectors.corrections import OPEN_STATES
from iprof.kernel.errors import DomainError
from iprof.kernel.text import sort_key
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.models import User


class WaitingFilter(admin.SimpleListFilter):
    """For a model with `state` and `due_on`."""

    title, parameter_name = "suite donnée", "attente"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "À traiter"), ("retard", "En retard"), ("non", "Répondues")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "oui":
                return queryset.filter(state__in=OPEN_STATES)
            case "retard":
                return queryset.filter(state__in=OPEN_STATES, due_on__lt=timezone.localdate())
            case "non":
                return queryset.exclude(state__in=OPEN_STATES)
            case _:
                return queryset


class RequestAdmin(ReadOnlyAdmin):
    """A list of requests of agents and the page that answers one: `title`, `template`, `permission` to answer, and the
    codes of what was `typed_wrong`; the three methods at the end are the model's own."""

    title: ClassVar[str]
    template: ClassVar[str]
    permission: ClassVar[str]
    typed_wrong: ClassVar[frozenset[str]]
    search_fields = ("agent__sort_key",)
    search_help_text = "Nom de l'agent, avec ou sans accents"
    date_hierarchy = "created_at"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, sort_key(search_term))

    @admin.display(description="en retard", boolean=True)
    def late(self, row: Any) -> bool:
        return row.state in OPEN_STATES and row.due_on is not None and row.due_on < timezone.localdate()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The request; POST takes it up, accepts or refuses it. What was typed stays when it is refused."""
        self.check_may_view(request, read_only=False)
        row = row_or_404(self.get_queryset(request), object_id)
        may_answer = request.user.has_perm(self.permission)
        problem, status = "", 200
        if request.method == "POST":
            if not may_answer:
                raise PermissionDenied
            try:
                self._act(request, row)
            except DomainError as error:
                problem, status = self.explain(error), 400 if error.code in self.typed_wrong else 409
            else:
                return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]))
        return self.own_page(
            request,
            self.template,
            status=status,
            title=self.title,
            row=row,
            open=row.state in OPEN_STATES,
            late=self.late(row),
            may_answer=may_answer and row.agent.user_id != request.user.pk,
            answer=request.POST.get("reponse", "")[:2000],
            problem=problem,
        )

    def _act(self, request: HttpRequest, row: Any) -> None:
        by, text = cast(User, request.user), request.POST.get("reponse", "").replace("\x00", "")[:2000]
        match request.POST.get("decision"):
            case "examiner":
                self.take_up(row, by)
                messages.success(request, "La demande est en cours d'examen. L'agent en est averti.")
            case "accepter" | "refuser" as decision:
                self.answer(row, by, accepted=decision == "accepter", text=text)
                messages.success(request, "La réponse est envoyée. L'agent en est averti.")
            case _:
                messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")

    def take_up(self, row: Any, by: User) -> None:
        raise NotImplementedError

    def answer(self, row: Any, by: User, *, accepted: bool, text: str) -> None:
        raise NotImplementedError

    def explain(self, error: DomainError) -> str:
        raise NotImplementedError
