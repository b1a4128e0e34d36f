"""The queue of the requests to control and the page of one: checks first, then a named person signs (S54, S56, D28)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from iprof.web.templatetags.iprof import badge
from mobility.enums import CheckLevel, RequestState
from mobility.forms.control import RetainedForm
from mobility.models import MobilityRequest
from mobility.selectors.asks import asks_about
from mobility.selectors.queue import IN_ORDER, RequestShown, queue, request_shown
from mobility.services.control import control, decide, run_checks, send_back
from security.enums import AccessKind
from security.journal import record
from security.models import User

FOLDER = "admin/mobility/mobilityrequest"
MOST = 50
TONES = {CheckLevel.FINE: "success", CheckLevel.LOOK: "warning", CheckLevel.BLOCKED: "error"}
STATES = {"saisi": "info", "controle": "success", "etude": "warning", "publie": "new"}
SENTENCES = {
    "request_transition": "La demande a changé d'état pendant que vous la lisiez : rien n'est enregistré. Relisez-la.",
    "control_changed": "Le barème a changé pendant que vous le lisiez : rien n'est enregistré. Relisez-le, puis décidez.",
    "control_own": "Cette demande est la vôtre : une autre personne décide.",
    "control_reason": "Écrivez ce que vous demandez ou pourquoi vous retenez d'autres points : l'agent le lira.",
    "control_points": "Les points retenus vont de 0 à 99 999.",
    "decision_text": "Écrivez le texte de la décision : l'agent le lira, avec votre nom au journal.",
    "decision_contest": "Une contestation attend sa réponse : répondez-y avant d'arrêter le barème.",
}
TYPED_WRONG = frozenset({"control_reason", "control_points", "decision_text"})
DONE = {
    "controler": "Le barème est contrôlé. L'agent en est averti.",
    "renvoyer": "La demande est renvoyée à l'agent, qui en est averti.",
    "arreter": "Le barème est arrêté. L'agent en est averti.",
}


class CheckFilter(admin.SimpleListFilter):
    title, parameter_name = "contrôles automatiques", "controles"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(level.value), str(level.label)) for level in CheckLevel] + [("aucun", "Pas encore passés")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "aucun":
            return queryset.filter(triage__isnull=True)
        known = {str(level.value) for level in CheckLevel}
        return queryset.filter(triage__level=self.value()) if self.value() in known else queryset


@admin.register(MobilityRequest)
class MobilityRequestAdmin(ReadOnlyAdmin):
    list_title = "Demandes de mutation à contrôler"
    list_display = ("person", "campaign", "stands", "found", "confirmed_at", "late")
    list_filter = ("state", CheckFilter, "campaign")
    search_fields = ("owner__last_name", "owner__first_name")
    search_help_text = "Nom ou prénom de l'agent"
    actions = ("check_again", "control_several")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MobilityRequest]:
        return queue(cast(User, request.user), on=timezone.localdate())

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return list(IN_ORDER)

    @admin.display(description="agent")
    def person(self, row: MobilityRequest) -> str:
        return row.owner.get_full_name() or row.owner.username

    @admin.display(description="état")
    def stands(self, row: MobilityRequest) -> SafeString:
        return badge(row.get_state_display(), STATES.get(row.state, "info"))

    @admin.display(description="contrôles automatiques")
    def found(self, row: MobilityRequest) -> SafeString:
        triage = getattr(row, "triage", None)
        if triage is None:
            return badge("Pas encore passés", "info")
        level = CheckLevel(triage.level)
        more = f" ({len(triage.found)})" if triage.found else ""
        return badge(f"{level.label}{more}", TONES[level])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The request; POST controls it, sends it back or settles its barème. Each reading leaves a trace."""
        self.check_may_view(request, read_only=False)
        row, by = row_or_404(self.get_queryset(request), object_id), cast(User, request.user)
        if request.method != "POST":
            record(AccessKind.MOBILITY_READ, actor=by, subject=row.owner, request=request, demande=str(row.public_id))
            shown = request_shown(row)
            return self._page(request, shown, RetainedForm(None, shown=shown))
        return self._act(request, request_shown(row), by)

    def _act(self, request: HttpRequest, shown: RequestShown, by: User) -> HttpResponse:
        act, form = request.POST.get("acte", ""), RetainedForm(request.POST, shown=shown)
        if not by.has_perm("mobility.decide_bareme" if act == "arreter" else "mobility.control_request"):
            raise PermissionDenied
        if act not in DONE:
            return self._page(
                request, shown, form, status=400, problem="Choisissez un des boutons : rien n'est enregistré."
            )
        if act == "controler" and not form.is_valid():
            return self._page(request, shown, form, status=400)
        try:
            self._do(request, act, shown.row, by, form)
        except DomainError as error:
            status = 400 if error.code in TYPED_WRONG else 409
            return self._page(request, shown, form, status=status, problem=SENTENCES[error.code])
        messages.success(request, DONE[act])
        return redirect(reverse("admin:mobility_mobilityrequest_change", args=[shown.row.pk]))

    @staticmethod
    def _do(request: HttpRequest, act: str, row: MobilityRequest, by: User, form: RetainedForm) -> None:
        seen, text = _number(request.POST.get("version", "")), request.POST.get("texte", "").replace("\x00", "")[:2000]
        match act:
            case "controler":
                control(request=row, by=by, seen=seen, retained=form.retained, reasons=form.reasons, http=request)
            case "renvoyer":
                send_back(request=row, by=by, seen=seen, reason=text, http=request)
            case _:
                decide(request=row, by=by, seen=seen, text=text, http=request)

    def _page(
        self, request: HttpRequest, shown: RequestShown, form: RetainedForm, *, status: int = 200, problem: str = ""
    ) -> HttpResponse:
        return self.own_page(
            request, f"{FOLDER}/control.html", status=status, title="Contrôler une demande de mutation", shown=shown,
            row=shown.row, form=form, problem=problem, text=request.POST.get("texte", "")[:2000],
            tones={0: "success", 1: "warning", 2: "error"}, state_tone=STATES.get(shown.row.state, "info"),
            may_control=request.user.has_perm("mobility.control_request"),
            asks=asks_about(shown.row), may_decide=request.user.has_perm("mobility.decide_bareme"),
        )  # fmt: skip

    @admin.action(description="Passer les contrôles automatiques", permissions=["view"])
    def check_again(self, request: HttpRequest, queryset: QuerySet[MobilityRequest]) -> None:
        """They decide nothing: they sort the queue."""
        rows = list(queryset.select_related("claims")[:MOST])
        for row in rows:
            run_checks(row)
        messages.success(request, f"Contrôles automatiques passés : {len(rows)}.")

    @admin.action(description="Contrôler les demandes conformes choisies", permissions=["view"])
    def control_several(self, request: HttpRequest, queryset: QuerySet[MobilityRequest]) -> HttpResponse | None:
        """A page that counts what would be signed; then, confirmed, each by itself, those that changed told."""
        by = cast(User, request.user)
        if not by.has_perm("mobility.control_request"):
            raise PermissionDenied
        green = queryset.filter(state=RequestState.SUBMITTED, triage__level=CheckLevel.FINE)[:MOST]
        plans = [(row, row.versions.latest("number")) for row in green]
        if "confirmer" not in request.POST:
            left = queryset.count() - len(plans)
            return self.own_page(
                request,
                f"{FOLDER}/several.html",
                title="Contrôler plusieurs demandes",
                plans=plans,
                left=left,
                most=MOST,
            )
        done = [row for row, _ in plans if _signed(request, row, by)]
        if done:
            messages.success(
                request, f"{len(done)} demande{'s' if len(done) > 1 else ''} contrôlée{'s' if len(done) > 1 else ''}."
            )
        for row, _ in plans:
            if row not in done:
                messages.warning(
                    request, f"{self.person(row)} : la demande a changé, elle est laissée telle quelle. Ouvrez-la."
                )
        return None


def _signed(request: HttpRequest, row: MobilityRequest, by: User) -> bool:
    seen = _number(request.POST.get(f"version-{row.pk}", ""))
    try:
        control(request=row, by=by, seen=seen, retained={}, reasons={}, http=request, green_only=True)
    except DomainError:
        return False
    return True


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
