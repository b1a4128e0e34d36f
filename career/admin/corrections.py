"""The queue of rectification requests: the late ones first, answered with reasons (RGPD art. 12 and 16, norm D22)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from career.admin.waiting import WaitingFilter
from career.models import CorrectionRequest
from career.selectors.corrections import OPEN_STATES, visible_corrections
from career.services.corrections import answer_correction, take_up
from iprof.kernel.errors import DomainError
from iprof.kernel.text import sort_key
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.models import User

SENTENCES = {
    "correction_settled": "Cette demande a déjà reçu une réponse. Rechargez la page pour la lire.",
    "correction_own": "Cette demande porte sur votre propre dossier : un autre gestionnaire doit y répondre.",
    "correction_answer_empty": "Écrivez la réponse : l'agent doit savoir ce qui est corrigé, ou pourquoi c'est refusé.",
}


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ReadOnlyAdmin):
    list_display = ("fact_label", "agent", "state", "due_on", "late")
    list_filter = (WaitingFilter, "fact_kind", "state")
    search_fields = ("agent__sort_key",)
    search_help_text = "Nom de l'agent, avec ou sans accents"
    ordering = ("due_on", "pk")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectionRequest]:
        rows = visible_corrections(cast(User, request.user), on=timezone.localdate())
        return rows.select_related("agent__user", "answered_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[CorrectionRequest], search_term: str
    ) -> tuple[QuerySet[CorrectionRequest], bool]:
        return super().get_search_results(request, queryset, sort_key(search_term.replace("\x00", "")))

    @admin.display(description="en retard", boolean=True)
    def late(self, row: CorrectionRequest) -> bool:
        return row.state in OPEN_STATES and row.due_on < timezone.localdate()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The request; POST takes it up, accepts or refuses it. What was typed stays when it is refused."""
        if not request.user.has_perm("career.view_correctionrequest"):
            raise PermissionDenied
        row = row_or_404(self.get_queryset(request), object_id)
        may_answer = request.user.has_perm("career.answer_correction")
        context = {
            **self.admin_site.each_context(request),
            "title": "Demande de rectification",
            "opts": self.opts,
            "row": row,
            "open": row.state in OPEN_STATES,
            "late": self.late(row),
            "may_answer": may_answer and row.agent.user_id != request.user.pk,
            "answer": request.POST.get("reponse", "")[:2000],
        }
        status = 200
        if request.method == "POST":
            if not may_answer:
                raise PermissionDenied
            try:
                self._act(request, row)
            except DomainError as error:
                context["problem"], status = (
                    SENTENCES[error.code],
                    409 if error.code != "correction_answer_empty" else 400,
                )
            else:
                return redirect(reverse("admin:career_correctionrequest_change", args=[row.pk]))
        return TemplateResponse(request, "admin/career/correctionrequest/answer.html", context, status=status)

    @staticmethod
    def _act(request: HttpRequest, row: CorrectionRequest) -> None:
        by, answer = cast(User, request.user), request.POST.get("reponse", "").replace("\x00", "")[:2000]
        match request.POST.get("decision"):
            case "examiner":
                take_up(correction=row, by=by)
                messages.success(request, "La demande est en cours d'examen. L'agent en est averti.")
            case "accepter" | "refuser" as decision:
                answer_correction(correction=row, by=by, accepted=decision == "accepter", answer=answer)
                messages.success(request, "La réponse est envoyée. L'agent en est averti.")
            case _:
                messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")
