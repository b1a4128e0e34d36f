"""Deadlines in the administration: announced after a look at whom they reach, moved or cancelled with a reason."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.audience import provider
from iprof.correspondence.forms.deadlines import DeadlineForm, MoveForm
from iprof.correspondence.models import Deadline
from iprof.correspondence.selectors.deadlines import audience_words, deadlines_for_staff
from iprof.correspondence.services.deadlines import cancel_deadline, create_deadline, move_deadline, within_reach
from iprof.kernel.errors import DomainError
from iprof.kernel.money import format_number
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.models import User

FOLDER = "admin/correspondence/deadline"
SAMPLE = 20
SENTENCES = {
    "deadline_past": "Cette date est déjà passée. Choisissez une date et une heure à venir.",
    "deadline_opens_late": "Le premier jour vient après le dernier. Corrigez l'une des deux dates.",
    "deadline_nobody": "Ces critères ne désignent plus personne de votre périmètre. Élargissez-les.",
    "deadline_cancelled": "Cette échéance est annulée : elle ne change plus. Créez-en une autre.",
    "deadline_no_reason": "Écrivez le motif : il est envoyé à toutes les personnes concernées, et gardé.",
    "deadline_same": "C'est la date actuelle. Choisissez-en une autre.",
    "deadline_advance": "Avancer une échéance retire du temps aux personnes concernées : demandez-le à l'administrateur de l'académie.",
    "deadline_out_of_reach": "Cette échéance concerne des agents hors de votre périmètre. Adressez-vous à son auteur.",
}


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("avenir", "À venir"), ("passees", "Passées"), ("annulees", "Annulées")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "avenir":
                return queryset.filter(cancelled_at__isnull=True, closes_at__gt=timezone.now())
            case "passees":
                return queryset.filter(cancelled_at__isnull=True, closes_at__lte=timezone.now())
            case "annulees":
                return queryset.filter(cancelled_at__isnull=False)
            case _:
                return queryset


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ("title", "procedure", "closes_at", "moves", "people", "created_by")
    list_filter = (StateFilter,)
    search_fields = ("title", "procedure")
    search_help_text = "Intitulé ou procédure"
    ordering = ("-closes_at", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deadline]:
        return deadlines_for_staff()

    @admin.display(description="personnes concernées")
    def people(self, row: Any) -> int:
        return int(row.concerned)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("correspondence.add_deadline")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form, then exactly whom it reaches, then the deadline: nothing is written before the second look."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        by, reached, status = cast(User, request.user), None, 200
        form = DeadlineForm(request.POST or None, by=by)
        if request.method == "POST":
            if not form.is_valid():
                status = 400
            elif request.POST.get("etape") == "annoncer":
                return self._create(request, form, by)
            else:
                reached = provider().sample(form.accounts[:SAMPLE], on=timezone.localdate())
        context = {"form": form, "reached": reached, "count": len(form.accounts) if reached is not None else 0}
        return self.own_page(request, f"{FOLDER}/add.html", status=status, title="Annoncer une échéance", **context)

    def _create(self, request: HttpRequest, form: DeadlineForm, by: User) -> HttpResponse:
        try:
            deadline = create_deadline(deadline=Deadline(**form.fill()), audience=form.audience, by=by)
        except DomainError as error:  # the day turned, or the audience emptied, between the two looks
            form.add_error(None, SENTENCES[error.code])
            title = "Annoncer une échéance"
            return self.own_page(request, f"{FOLDER}/add.html", status=400, title=title, form=form, reached=None)
        messages.success(request, f"L'échéance est annoncée à {_people(deadline)}, dans leur page « Échéances ».")
        return redirect(reverse("admin:correspondence_deadline_changelist"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The deadline and its history; POST moves or cancels it."""
        self.check_may_view(request, read_only=False)
        row, by = row_or_404(self.get_queryset(request), object_id), cast(User, request.user)
        may_move = by.has_perm("correspondence.move_deadline")
        form, problem, status = MoveForm(), "", 200
        if request.method == "POST":
            if not may_move:
                raise PermissionDenied
            form = MoveForm(request.POST)
            try:
                if self._act(request, form, row, by):
                    return redirect(reverse("admin:correspondence_deadline_change", args=[row.pk]))
                status = 400
            except DomainError as error:
                problem, status = SENTENCES[error.code], 400
        context = {
            "row": row, "form": form, "problem": problem, "history": row.history.select_related("decided_by"),
            "may_move": may_move and row.cancelled_at is None and within_reach(row, by),
            "audience": audience_words(row), "cancel_reason": request.POST.get("motif", "")[:300],
        }  # fmt: skip
        return self.own_page(request, f"{FOLDER}/change.html", status=status, title=str(row), **context)

    @staticmethod
    def _act(request: HttpRequest, form: MoveForm, row: Deadline, by: User) -> bool:
        """Whether something was done; the form says why otherwise."""
        match request.POST.get("acte"):
            case "reporter" if form.is_valid():
                move = move_deadline(deadline=row, to=form.closes_at, reason=form.cleaned_data["reason"], by=by)
                verb = "reportée" if move.later else "avancée"
                messages.success(request, f"L'échéance est {verb}. Toutes les personnes concernées en sont averties.")
            case "reporter":
                return False
            case "annuler":
                reason = request.POST.get("motif", "").replace("\x00", "")[:300]
                cancel_deadline(deadline=row, reason=reason, by=by)
                messages.success(request, "L'échéance est annulée. Toutes les personnes concernées en sont averties.")
            case _:
                messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")
        return True


def _people(deadline: Deadline) -> str:
    count = deadline.people.count()
    return f"{format_number(count)} personne{'s' if count > 1 else ''}"
