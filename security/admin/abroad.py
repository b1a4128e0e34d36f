"""The queue of accesses from abroad: granted for fifteen days at most, refused with a reason, or withdrawn."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.enums import AbroadState
from security.models import AbroadAccess, User
from security.services_abroad import decide_access, end_access

SENTENCES = {
    "abroad_own": "Cette demande est la vôtre : un collègue doit y répondre.",
    "abroad_settled": "Cette demande n'est plus dans cet état. Rechargez la page.",
    "abroad_answer_empty": "Écrivez le motif du refus : la personne doit savoir que faire.",
    "abroad_over": "La date demandée est passée : la personne doit déposer une nouvelle demande.",
}


@admin.register(AbroadAccess)
class AbroadAccessAdmin(ReadOnlyAdmin):
    list_display = ("user", "country", "state", "wanted_until", "expires_on", "asked_at")
    list_filter = ("state",)
    search_fields = ("user__username", "user__last_name")
    search_help_text = "Identifiant ou nom"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AbroadAccess]:
        return super().get_queryset(request).select_related("user", "decided_by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The request; POST grants, refuses or withdraws. What was typed stays when it is refused."""
        if not request.user.has_perm("security.view_abroadaccess"):
            raise PermissionDenied
        row = row_or_404(self.get_queryset(request), object_id)
        may_decide = request.user.has_perm("security.decide_abroadaccess")
        context = {
            **self.admin_site.each_context(request),
            "title": "Accès depuis l'étranger",
            "opts": self.opts,
            "row": row,
            "may_decide": may_decide and row.user_id != request.user.pk,
            "current": row.state == AbroadState.GRANTED and cast(Any, row.expires_on) >= timezone.localdate(),
            "answer": request.POST.get("reponse", "")[:500],
        }
        status = 200
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            try:
                self._act(request, row)
            except DomainError as error:
                context["problem"] = SENTENCES[error.code]
                status = 400 if error.code == "abroad_answer_empty" else 409
            else:
                return redirect(reverse("admin:security_abroadaccess_change", args=[row.pk]))
        return TemplateResponse(request, "admin/security/abroadaccess/decide.html", context, status=status)

    @staticmethod
    def _act(request: HttpRequest, row: AbroadAccess) -> None:
        by, answer = cast(User, request.user), request.POST.get("reponse", "").replace("\x00", "")[:500]
        match request.POST.get("decision"):
            case "accorder" | "refuser" as decision:
                decide_access(access=row, by=by, granted=decision == "accorder", answer=answer, request=request)
                messages.success(request, "La décision est enregistrée. La personne en est avertie.")
            case "retirer":
                end_access(access=row, by=by, request=request)
                messages.success(request, "L'accès est fermé. La personne en est avertie.")
            case _:
                messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")
