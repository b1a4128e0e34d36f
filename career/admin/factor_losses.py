"""The queue of lost second factors: the identity is checked by one person, and for staff another one agrees (norm D17)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from career.selectors.factor_losses import visible_losses
from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.enums import LossState
from security.models import FactorLoss, User
from security.models_loss import OPEN
from security.services_loss import approve, check_identity, refuse
from security.services_staff import IDENTITY_CHECKS

SENTENCES = {
    "loss_own": "C'est votre propre compte : un collègue doit vérifier votre identité.",
    "loss_above": "Ce compte est celui d'un administrateur : un autre administrateur doit s'en charger.",
    "loss_settled": "Cette demande n'est plus dans cet état. Rechargez la page.",
    "loss_closed": "Ce compte est fermé : retirer ses facteurs n'ouvrirait rien.",
    "loss_unchecked": "Cochez au moins une vérification faite : sans elle, rien n'est retiré.",
    "loss_note_empty": "Écrivez une précision : qui, quand, comment. La personne la lira.",
    "loss_same_person": "Vous avez vérifié l'identité : un autre collègue doit donner le second accord.",
}
TYPED_WRONG = {"loss_unchecked", "loss_note_empty"}


@admin.register(FactorLoss)
class FactorLossAdmin(ReadOnlyAdmin):
    list_display = ("user", "state", "asked_at", "due_at")
    list_filter = ("state",)
    search_fields = ("user__username", "user__last_name")
    search_help_text = "Identifiant ou nom"

    def get_queryset(self, request: HttpRequest) -> QuerySet[FactorLoss]:
        rows = visible_losses(cast(User, request.user), on=timezone.localdate())
        return rows.select_related("user", "checked_by", "approved_by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The request; POST says how the identity was checked, agrees, or refuses. What was typed stays when it is refused."""
        self.check_may_view(request, read_only=False)
        row = row_or_404(self.get_queryset(request), object_id)
        may_decide = request.user.has_perm("security.decide_factorloss")
        problem, status = "", 200
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            try:
                self._act(request, row)
            except DomainError as error:
                problem, status = SENTENCES[error.code], 400 if error.code in TYPED_WRONG else 409
            else:
                return redirect(reverse("admin:security_factorloss_change", args=[row.pk]))
        return self.own_page(
            request,
            "admin/security/factorloss/decide.html",
            status=status,
            title="Second facteur perdu",
            row=row,
            open=row.state in OPEN,
            to_check=row.state == LossState.ASKED,
            to_approve=row.state == LossState.CHECKED and row.checked_by_id != request.user.pk,
            may_decide=may_decide and row.user_id != request.user.pk,
            checks=IDENTITY_CHECKS,
            made=[IDENTITY_CHECKS[code] for code in row.check_made.split(",") if code],
            checked=request.POST.getlist("verification"),
            note=request.POST.get("precision", "")[:200],
            problem=problem,
        )

    @staticmethod
    def _act(request: HttpRequest, row: FactorLoss) -> None:
        by, note = cast(User, request.user), request.POST.get("precision", "").replace("\x00", "")[:200]
        match request.POST.get("decision"):
            case "verifier":
                checks = request.POST.getlist("verification")
                found = check_identity(loss=row, by=by, checks=checks, note=note, request=request)
                done = found.state == LossState.DONE
                said = (
                    "Les facteurs sont retirés"
                    if done
                    else "La vérification est enregistrée, un collègue doit l'accorder"
                )
                messages.success(request, f"{said}. La personne en est avertie.")
            case "accorder":
                approve(loss=row, by=by, request=request)
                messages.success(request, "L'accord est enregistré. La personne en est avertie.")
            case "refuser":
                refuse(loss=row, by=by, note=note, request=request)
                messages.success(request, "Le refus est enregistré. La personne en est avertie.")
            case _:
                messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")
