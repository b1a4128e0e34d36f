"""The queue of rectification requests (RGPD art. 12 and 16, norm D22)."""

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from career.admin.requests import RequestAdmin, WaitingFilter
from career.models import CorrectionRequest
from career.selectors.corrections import visible_corrections
from career.services.corrections import answer_correction, take_up
from iprof.kernel.errors import DomainError
from security.models import User

SENTENCES = {
    "correction_settled": "Cette demande a déjà reçu une réponse. Rechargez la page pour la lire.",
    "correction_own": "Cette demande porte sur votre propre dossier : un autre gestionnaire doit y répondre.",
    "correction_answer_empty": "Écrivez la réponse : l'agent doit savoir ce qui est corrigé, ou pourquoi c'est refusé.",
}


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(RequestAdmin):
    title, template = "Demande de rectification", "admin/career/correctionrequest/answer.html"
    permission = "career.answer_correction"
    typed_wrong = frozenset({"correction_answer_empty"})
    list_display = ("fact_label", "agent", "state", "due_on", "late")
    list_filter = (WaitingFilter, "fact_kind", "state")
    ordering = ("due_on", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectionRequest]:
        rows = visible_corrections(cast(User, request.user), on=timezone.localdate())
        return rows.select_related("agent__user", "answered_by")

    def take_up(self, row: CorrectionRequest, by: User) -> None:
        take_up(correction=row, by=by)

    def answer(self, row: CorrectionRequest, by: User, *, accepted: bool, text: str) -> None:
        answer_correction(correction=row, by=by, accepted=accepted, answer=text)

    def explain(self, error: DomainError) -> str:
        return SENTENCES[error.code]
