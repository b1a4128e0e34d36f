"""Applications to specific schemes: the opinion of the head, that of the office, the decision of a named person (D28)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from mobility.domain.scheme_states import AFTER_OPINIONS, SchemeAct, SchemeState, scheme_may
from mobility.domain.schemes import Adviser, schemes
from mobility.enums_schemes import AdviserRole
from mobility.models import SchemeApplication
from mobility.selectors.applications import advisers, as_office, followed, piece_labels, visible_applications
from mobility.selectors.schemes import label_of, shown_answers
from mobility.services.scheme_decisions import REASON_MAX, decide_application, give_opinion
from security.enums import AccessKind
from security.journal import record
from security.models import User

SENTENCES = {
    "scheme_no_reason": "Écrivez le motif : l'agent le lit.",
    "scheme_own": "Cette candidature est la vôtre : une autre personne donne l'avis et décide.",
    "scheme_opinion_not_asked": "Ce dispositif ne demande pas cet avis.",
    "scheme_opinion_given": "Cet avis est déjà donné. Rechargez la page pour le lire.",
    "scheme_opinions_awaited": "Un avis demandé n'est pas encore donné : attendez-le, ou demandez-le.",
    "scheme_transition": "Cette candidature a changé d'état depuis. Rechargez la page pour la lire.",
    "scheme_choice": "Aucun choix n'a été compris. Choisissez un des boutons.",
}
TYPED_WRONG = frozenset({"scheme_no_reason", "scheme_choice"})


@admin.register(SchemeApplication)
class SchemeApplicationAdmin(ReadOnlyAdmin):
    """A head lists those of the school that ask for the head's opinion; an office those of its agents."""

    list_display = ("scheme", "year", "person", "state", "sent_at")
    list_filter = ("state", "campaign__year")
    ordering = ("sent_at", "pk")
    search_fields = ("owner__last_name", "owner__username")
    search_help_text = "Nom ou identifiant de l'agent"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SchemeApplication]:
        rows = visible_applications(cast(User, request.user), on=timezone.localdate())
        return rows.select_related("campaign", "owner")

    @admin.display(description="dispositif", ordering="campaign__scheme")
    def scheme(self, row: SchemeApplication) -> str:
        return label_of(schemes()[row.campaign.scheme])

    @admin.display(description="rentrée", ordering="campaign__year")
    def year(self, row: SchemeApplication) -> int:
        return row.campaign.year

    @admin.display(description="agent", ordering="owner__last_name")
    def person(self, row: SchemeApplication) -> str:
        return row.owner.get_full_name()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was sent; POST gives an opinion or decides. What was typed stays when it is refused."""
        self.check_may_view(request, read_only=False)
        row, problem, status = row_or_404(self.get_queryset(request), object_id), "", 200
        if request.method == "POST":
            try:
                self._act(request, row)
            except DomainError as error:
                problem, status = SENTENCES[error.code], 400 if error.code in TYPED_WRONG else 409
            else:
                messages.success(request, "C'est enregistré. L'agent en est averti.")
                return redirect(reverse("admin:mobility_schemeapplication_change", args=[row.pk]))
        elif row.owner_id != request.user.pk:
            by = cast(User, request.user)
            record(
                AccessKind.MOBILITY_READ, actor=by, subject=row.owner, request=request, candidature=str(row.public_id)
            )
        return self._page(request, row, problem, status)

    def _page(self, request: HttpRequest, row: SchemeApplication, problem: str, status: int) -> HttpResponse:
        user, today, law = cast(User, request.user), timezone.localdate(), schemes()[row.campaign.scheme]
        office, told, state = as_office(user, row, on=today), followed(row), SchemeState(row.state)
        awaited = {one.role for one in told["opinions"] if one.row is None}
        mine = row.owner_id == user.pk
        may_advise = user.has_perm("mobility.advise_application") and not mine and scheme_may(state, SchemeAct.ADVISE)
        may_decide = user.has_perm("mobility.decide_application") and office and not mine and not awaited
        roles = [AdviserRole(role.value) for role in advisers(user, row, on=today)] if may_advise else []
        return self.own_page(
            request,
            "admin/mobility/schemeapplication/decide.html",
            status=status,
            title=f"Candidature : {label_of(law)}",
            row=row,
            told=told,
            answers=shown_answers(law, row.answers, private=office),
            pieces=piece_labels(row),
            roles=[role for role in roles if role.label in awaited],
            acts=[(act.value, ACTS[act]) for act in ACTS if may_decide and scheme_may(state, act)],
            reason=request.POST.get("motif", "")[:REASON_MAX],
            awaited=sorted(awaited) if office and scheme_may(state, SchemeAct.ADVISE) else [],
            problem=problem,
        )

    def _act(self, request: HttpRequest, row: SchemeApplication) -> None:
        """Raises DomainError, PermissionDenied when it is not for this person to do."""
        user, reason = cast(User, request.user), request.POST.get("motif", "").replace("\x00", "")
        opinion, act = request.POST.get("avis", ""), request.POST.get("acte", "")
        if opinion:
            role, _, sense = opinion.partition(":")
            if role not in list(Adviser) or sense not in {"favorable", "defavorable"}:
                raise DomainError("scheme_choice")
            self._check(user, row, Adviser(role))
            give_opinion(
                application=row, role=Adviser(role), favourable=sense == "favorable", reason=reason, by=user, request=request
            )  # fmt: skip
            return
        if act not in list(AFTER_OPINIONS):
            raise DomainError("scheme_choice")
        self._check(user, row, None)
        decide_application(application=row, act=SchemeAct(act), reason=reason, by=user, request=request)

    @staticmethod
    def _check(user: User, row: SchemeApplication, role: Adviser | None) -> None:
        """Whether `user` may advise as `role`, or decide when it is None."""
        today = timezone.localdate()
        if role is None:
            allowed = user.has_perm("mobility.decide_application") and as_office(user, row, on=today)
        else:
            asked = role in schemes()[row.campaign.scheme].opinions
            held = role in advisers(user, row, on=today) or not asked  # not asked: the service says so
            allowed = user.has_perm("mobility.advise_application") and held
        if not allowed:
            raise PermissionDenied


ACTS = {
    SchemeAct.FORWARD: "Transmettre à l'autorité qui décide",
    SchemeAct.ACCEPT: "Candidature retenue",
    SchemeAct.REFUSE: "Candidature non retenue",
}
