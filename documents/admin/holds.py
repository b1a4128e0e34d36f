"""Holds: placed with a reason on a person or a document, lifted with another; never changed, never deleted."""

import uuid
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from documents.models import Document, Hold
from documents.services.holds import lift_hold, place_hold
from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.models import User

SENTENCES = {
    "hold_reason_empty": "Écrivez le motif : il dit pourquoi la destruction est suspendue, ou ne l'est plus.",
    "hold_own": "Ces documents sont les vôtres : une autre personne doit le faire.",
    "hold_gone": "Ce document est déjà détruit : il n'y a plus rien à suspendre.",
    "hold_refused": "Les contrôles ont refusé ce fichier : son contenu n'est pas gardé, il n'y a rien à suspendre.",
    "hold_lifted": "Cette suspension est déjà levée.",
    "hold_of_nothing": "Aucun agent ni document ne répond à cet identifiant. Vérifiez-le, ou recopiez celui du document.",
}
TYPED_WRONG = frozenset({"hold_reason_empty", "hold_of_nothing"})


class StandingFilter(admin.SimpleListFilter):
    title, parameter_name = "en vigueur", "vigueur"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "En vigueur"), ("non", "Levée")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hold]) -> QuerySet[Hold]:
        match self.value():
            case "oui":
                return queryset.filter(lifted_at__isnull=True)
            case "non":
                return queryset.filter(lifted_at__isnull=False)
            case _:
                return queryset


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("placed_at", "owner", "identifier", "reason", "placed_by", "lifted_at")
    list_filter = (StandingFilter,)
    list_select_related = ("owner", "placed_by")
    search_fields = ("owner__username", "document__owner__username", "reason")
    search_help_text = "Identifiant de l'agent, ou mot du motif"

    @admin.display(description="document", ordering="document_id", empty_value="tous ceux de l'agent")
    def identifier(self, row: Hold) -> str | None:
        """Never its title, which may tell what it is."""
        return str(row.document_id) if row.document_id else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("documents.add_hold")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """On all the documents of an agent (their login) or on one (its identifier)."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        problem, status = "", 200
        if request.method == "POST":
            try:
                hold = place_hold(by=cast(User, request.user), request=request, **self._typed(request))
            except DomainError as error:
                problem, status = SENTENCES[error.code], 400 if error.code in TYPED_WRONG else 409
            else:
                messages.success(request, "La suspension est posée : rien de ce qu'elle protège ne sera détruit.")
                return redirect(reverse("admin:documents_hold_change", args=[hold.pk]))
        return self.own_page(
            request,
            "admin/documents/hold/add.html",
            status=status,
            title="Suspendre une destruction",
            problem=problem,
            target=(request.POST.get("cible") or request.GET.get("cible", ""))[:150],
            reason=request.POST.get("motif", "")[:500],
        )

    @staticmethod
    def _typed(request: HttpRequest) -> dict[str, Any]:
        target = request.POST.get("cible", "").replace("\x00", "").strip()
        found: dict[str, Any] = {"reason": request.POST.get("motif", "").replace("\x00", "")[:500]}
        try:
            found["document"] = Document.objects.select_related("owner").filter(pk=uuid.UUID(target)).first()
        except ValueError:
            found["owner"] = User.objects.filter(username__iexact=target).first() if target else None
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The hold; POST lifts it."""
        self.check_may_view(request, read_only=False)
        rows = self.get_queryset(request).select_related("owner", "document__owner", "placed_by", "lifted_by")
        row, problem, status = row_or_404(rows, object_id), "", 200
        may_lift = request.user.has_perm("documents.lift_hold")
        if request.method == "POST":
            if not may_lift:
                raise PermissionDenied
            reason = request.POST.get("motif", "").replace("\x00", "")[:500]
            try:
                lift_hold(hold=row, by=cast(User, request.user), reason=reason, request=request)
            except DomainError as error:
                problem, status = SENTENCES[error.code], 400 if error.code in TYPED_WRONG else 409
            else:
                messages.success(request, "La suspension est levée.")
                return redirect(reverse("admin:documents_hold_change", args=[row.pk]))
        return self.own_page(
            request,
            "admin/documents/hold/lift.html",
            status=status,
            title="Suspension de destruction",
            row=row,
            problem=problem,
            may_lift=may_lift,
            reason=request.POST.get("motif", "")[:500],
        )
