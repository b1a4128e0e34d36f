"""The queue of the délégué à la protection des données: those due first, each decided by a person with reasons (S90)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from documents.admin.audit import AuditPages
from documents.domain.rights import rights_law
from documents.models import PrivacyRequest
from documents.models.rights import WAITING
from documents.policies import is_dpo
from documents.selectors.rights import asked, designated
from documents.services.rights import answer_request, extend_request
from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.models import User

SENTENCES = {
    "privacy_settled": "Cette demande a déjà reçu une réponse, ou est retirée. Rechargez la page pour la lire.",
    "privacy_own": "Cette demande est la vôtre : un autre délégué doit en décider.",
    "privacy_extended": "Le délai a déjà été prolongé une fois : la loi n'en permet pas une seconde.",
    "privacy_too_late": "Le premier délai est passé : il ne se prolonge plus. Répondez sans attendre.",
    "privacy_reason_empty": "Écrivez le motif de la prolongation : la personne doit le connaître.",
    "privacy_answer_empty": "Écrivez la réponse : la personne doit savoir ce qui est décidé et pourquoi.",
    "privacy_ground": "Choisissez le fondement du refus : la personne doit savoir sur quel texte il repose.",
    "privacy_held": "Une suspension protège tous les documents demandés : levez-la, ou refusez en le disant.",
}
TYPED_WRONG = frozenset({"privacy_reason_empty", "privacy_answer_empty", "privacy_ground"})


class PrivacyWaitingFilter(admin.SimpleListFilter):
    title, parameter_name = "suite donnée", "attente"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "À traiter"), ("retard", "En retard"), ("non", "Closes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]) -> QuerySet[PrivacyRequest]:
        match self.value():
            case "oui":
                return queryset.filter(state__in=WAITING)
            case "retard":
                return queryset.filter(state__in=WAITING, due_on__lt=timezone.localdate())
            case "non":
                return queryset.exclude(state__in=WAITING)
            case _:
                return queryset


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(AuditPages, ReadOnlyAdmin):
    list_display = ("kind", "delay", "owner", "state", "received_at", "due_on")
    list_filter = (PrivacyWaitingFilter, "kind", "state")
    list_select_related = ("owner",)
    search_fields = ("owner__username", "owner__last_name")
    search_help_text = "Identifiant ou nom"
    ordering = ("due_on", "pk")
    change_list_template = "admin/documents/privacyrequest/change_list.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = cast(User, request.user)
        return super().has_view_permission(request, obj) and is_dpo(user, on=timezone.localdate())

    @admin.display(description="délai", ordering="due_on")
    def delay(self, row: PrivacyRequest) -> str | SafeString:
        if not row.waiting:
            return "close"
        left = (row.due_on - timezone.localdate()).days
        if left < 0:
            return format_html('<strong class="late">En retard de {} jour{}</strong>', -left, "s" if left < -1 else "")
        return f"{left} jour{'s' if left > 1 else ''}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The request; POST accepts, refuses or extends it. What was typed stays when it is refused."""
        self.check_may_view(request, read_only=False)
        rows = self.get_queryset(request).select_related("owner", "answered_by", "extended_by")
        row = row_or_404(rows, object_id)
        problem, status = "", 200
        if request.method == "POST":
            if not request.user.has_perm("documents.decide_privacyrequest"):
                raise PermissionDenied
            try:
                self._act(request, row)
            except DomainError as error:
                problem, status = SENTENCES[error.code], 400 if error.code in TYPED_WRONG else 409
            else:
                return redirect(reverse("admin:documents_privacyrequest_change", args=[row.pk]))
        return self.own_page(
            request,
            "admin/documents/privacyrequest/decide.html",
            status=status,
            title=row.get_kind_display(),
            one=asked(row, on=timezone.localdate()),
            documents=designated(row),
            grounds=rights_law().grounds.values(),
            erasure=rights_law().erasure,
            may_decide=request.user.has_perm("documents.decide_privacyrequest") and row.owner_id != request.user.pk,
            answer=request.POST.get("reponse", "")[:2000],
            ground=request.POST.get("fondement", ""),
            reason=request.POST.get("motif", "")[:500],
            problem=problem,
        )

    def _act(self, request: HttpRequest, row: PrivacyRequest) -> None:
        by, typed = (
            cast(User, request.user),
            {name: str(text).replace("\x00", "") for name, text in request.POST.items()},
        )
        match typed.get("decision"):
            case "accepter" | "refuser" as decision:
                answer_request(
                    asked=row,
                    by=by,
                    accepted=decision == "accepter",
                    answer=typed.get("reponse", "")[:2000],
                    ground=typed.get("fondement", ""),
                    request=request,
                )
                messages.success(request, "La décision est enregistrée. La personne en est avertie.")
            case "prolonger":
                extend_request(asked=row, by=by, reason=typed.get("motif", "")[:500], request=request)
                messages.success(request, "Le délai est prolongé de deux mois. La personne en connaît le motif.")
            case _:
                messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")

    def get_urls(self) -> list[Any]:
        pages = [
            path("audit/", self.admin_site.admin_view(self.audit_view), name="documents_privacyrequest_audit"),
            path("audit.pdf", self.admin_site.admin_view(self.audit_pdf), name="documents_privacyrequest_print"),
        ]
        return [*pages, *super().get_urls()]
