"""Deadlines in the administration: announced after a look at whom they reach, moved or cancelled with a reason."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.audience import provider
from iprof.correspondence.forms.deadline_look import Look, look_at, read_look, sign_look
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


NOT_LOOKED = "Vous n'avez pas encore vu qui est concerné : rien n'est annoncé. Relisez, puis annoncez."
TYPED_SINCE = "Vous avez modifié l'échéance depuis que vous avez vu qui est concerné : rien n'est annoncé. Relisez, puis annoncez."
PEOPLE_SINCE = (
    "Les personnes concernées ont changé depuis que vous les avez vues : rien n'est annoncé. Relisez, puis annoncez."
)


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
        by = cast(User, request.user)
        form = DeadlineForm(request.POST or None, by=by)
        if request.method != "POST":
            return self._add_page(request, form)
        if not form.is_valid():
            return self._add_page(request, form, status=400)
        if request.POST.get("etape") != "annoncer":
            return self._look(request, form, by)
        return self._announce(request, form, by)

    def _add_page(self, request: HttpRequest, form: DeadlineForm, *, status: int = 200, **shown: Any) -> HttpResponse:
        context = {"form": form, "reached": None, "count": 0} | shown
        return self.own_page(request, f"{FOLDER}/add.html", status=status, title="Annoncer une échéance", **context)

    def _look(self, request: HttpRequest, form: DeadlineForm, by: User, *, changed: str = "") -> HttpResponse:
        """Whom it reaches, signed; `changed` says why what was to be announced is not."""
        shown = {
            "reached": provider().sample(form.accounts[:SAMPLE], on=timezone.localdate()),
            "count": len(form.accounts), "changed": changed, "look": sign_look(look_at(form), by=by.pk),
        }  # fmt: skip
        return self._add_page(request, form, status=409 if changed else 200, **shown)

    def _announce(self, request: HttpRequest, form: DeadlineForm, by: User) -> HttpResponse:
        seen, now = read_look(request.POST.get("vue", ""), by=by.pk), look_at(form)
        if seen is None:
            return self._look(request, form, by, changed=NOT_LOOKED)
        if seen.typed != now.typed:
            return self._look(request, form, by, changed=TYPED_SINCE)
        if first := self._announced(request, seen):
            return first
        if seen.people != now.people:
            return self._look(request, form, by, changed=PEOPLE_SINCE)
        return self._create(request, form, by, seen)

    def _announced(self, request: HttpRequest, seen: Look) -> HttpResponse | None:
        """The page of the deadline that this very look has become: a second click makes no second one."""
        first = Deadline.objects.filter(public_id=seen.name).first()
        if first is None:
            return None
        messages.info(request, "Cette échéance est déjà annoncée : la voici. Rien n'a été envoyé deux fois.")
        return redirect(reverse("admin:correspondence_deadline_change", args=[first.pk]))

    def _create(self, request: HttpRequest, form: DeadlineForm, by: User, seen: Look) -> HttpResponse:
        try:
            deadline = create_deadline(
                deadline=Deadline(public_id=seen.name, **form.fill()), audience=form.audience, by=by
            )
        except DomainError as error:  # the day turned, or the audience emptied, between the two looks
            form.add_error(None, SENTENCES[error.code])
            return self._add_page(request, form, status=400)
        except IntegrityError:  # the other of two clicks came first
            if first := self._announced(request, seen):
                return first
            raise
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
