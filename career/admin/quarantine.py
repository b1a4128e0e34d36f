"""Rejected messages in the administration: replayed as they are, corrected by hand, or dismissed with a reason."""

import uuid
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from career.admin.feed import FEED_LIST, RunFilter, short_hour
from career.enums import QuarantineState
from career.feed.apply import REUSED_ID
from career.feed.checks import Problem
from career.feed.contract import DATA_TYPES, SOURCES
from career.models import QuarantinedMessage
from career.selectors.quarantine import replay_order, unsettled
from career.services.corrected_lines import correct_message, read_line_of
from career.services.quarantine import REASON_MAX, Replay, dismiss_message, is_about, replay_messages
from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from iprof.web.crypto import UnreadableSecret
from security.models import User

MAX_AT_ONCE = 2_000
SENTENCES = {
    "message_settled": (
        "Ce message a déjà été traité par quelqu'un d'autre. Rechargez la page pour voir comment.",
        409,
    ),
    "message_own": ("Ce message porte sur votre propre dossier : une autre personne doit le traiter.", 409),
    "reason_missing": ("Écrivez en quelques mots pourquoi ce message est écarté : l'agent pourra le lire.", 400),
}
UNREADABLE = "Cette ligne ne se déchiffre pas avec la clé du portail. Remettez la clé qui l'a chiffrée, ou redemandez le message à la source."


class TypeFilter(admin.SimpleListFilter):
    title, parameter_name = "type", "type"
    values: ClassVar[tuple[str, ...]] = tuple(DATA_TYPES)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value) for value in self.values]

    def queryset(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> QuerySet[QuarantinedMessage]:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() in self.values else queryset


class SourceFilter(TypeFilter):
    title, parameter_name, values = "source", "source", SOURCES


@admin.register(QuarantinedMessage)
class QuarantinedMessageAdmin(ReadOnlyAdmin):
    list_display = ("received", "state", "code", "reason", "field", "type", "matricule", "line_number")
    ordering = ("-pk",)
    list_filter = (RunFilter, "state", "code", TypeFilter, SourceFilter)
    search_fields = ("matricule", "message_id")
    search_help_text = "Début du matricule ou de l'identifiant du message"
    actions = ("replay", "replay_same_code")
    change_list_template = FEED_LIST

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuarantinedMessage]:
        return super().get_queryset(request).defer("raw_sealed")

    @admin.display(description="reçu le", ordering="received_at")
    def received(self, row: QuarantinedMessage) -> str:
        return short_hour(row.received_at)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage], search_term: str
    ) -> tuple[QuerySet[QuarantinedMessage], bool]:
        word = search_term.strip()
        if not word:
            return queryset, False
        found = Q(matricule__startswith=word.upper()) | Q(message_id__startswith=word.lower())
        return queryset.filter(found), False

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("career.replay_feed"))

    @admin.action(description="Rejouer les messages choisis", permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> None:
        self._replay(request, replay_order(queryset.exclude(state=QuarantineState.REPLAYED)))

    @admin.action(description="Rejouer tout ce qui a le même code que les messages choisis", permissions=["replay"])
    def replay_same_code(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> None:
        codes = set(queryset.order_by().values_list("code", flat=True).distinct())
        self._replay(request, replay_order(unsettled().filter(code__in=codes)))

    @staticmethod
    def _replay(request: HttpRequest, pks: list[int]) -> None:
        told(request, replay_messages(pks=pks[:MAX_AT_ONCE], by=cast(User, request.user), request=request))
        if len(pks) > MAX_AT_ONCE:
            messages.info(
                request,
                f"{MAX_AT_ONCE} messages sont rejoués à la fois. Recommencez pour les {len(pks) - MAX_AT_ONCE} autres, "
                "ou demandez la commande « siae_replay ».",
            )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The message and its line, NUMEN masked. POST replays, corrects or dismisses; what was typed stays."""
        self.check_may_view(request, read_only=False)
        row = row_or_404(QuarantinedMessage.objects.select_related("run", "settled_by"), object_id)
        if request.method != "POST":
            return self._page(request, row)
        if not self.has_replay_permission(request):
            raise PermissionDenied
        try:
            self._act(request, row)
        except DomainError as error:
            row.refresh_from_db()
            refused = cast(Problem | None, error.params.get("problem"))
            sentence, status = (refused.reason, 400) if refused else SENTENCES[error.code]
            wrong = {"correction_refused": "ligne", "reason_missing": "motif"}.get(error.code, "")
            return self._page(request, row, problem=sentence, wrong=wrong, status=status)
        except UnreadableSecret:
            return self._page(request, row, problem=UNREADABLE, status=409)
        return redirect(reverse("admin:career_quarantinedmessage_change", args=[row.pk]))

    def _page(
        self, request: HttpRequest, row: QuarantinedMessage, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        user, open_ = cast(User, request.user), row.state != QuarantineState.REPLAYED
        try:
            line = read_line_of(row=row, by=user, request=request)
        except UnreadableSecret:
            line = ""
        may_act = open_ and self.has_replay_permission(request)
        return self.own_page(
            request,
            "admin/career/quarantinedmessage/line.html",
            status=status,
            title="Message rejeté",
            row=row,
            line=line,
            unreadable=UNREADABLE if not line else "",
            typed=request.POST.get("ligne", line),
            reason=request.POST.get("motif", "")[:REASON_MAX],
            may_act=may_act,
            own=may_act and is_about(user, row.matricule),
            fresh_id=uuid.uuid4() if row.code == REUSED_ID else None,
            **context,
        )

    @staticmethod
    def _act(request: HttpRequest, row: QuarantinedMessage) -> None:
        by = cast(User, request.user)
        match request.POST.get("decision"):
            case "rejouer":
                told(request, replay_messages(pks=[row.pk], by=by, request=request))
            case "corriger":
                _, verdict = correct_message(row=row, text=request.POST.get("ligne", ""), by=by, request=request)
                if verdict.status == "quarantined":
                    messages.warning(request, f"Corrigé, mais pas encore appliqué. {verdict.reason}")
                elif verdict.status == "repeated":
                    messages.success(request, "Ce message était déjà appliqué : le rejet est soldé.")
                else:
                    messages.success(request, "Le message corrigé est appliqué.")
            case "ecarter":
                dismiss_message(
                    row=row, reason=request.POST.get("motif", "").replace("\x00", ""), by=by, request=request
                )
                messages.success(request, "Le message est écarté.")
            case _:
                messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")


def told(request: HttpRequest, result: Replay) -> None:
    """What a replay did, one sentence a count."""
    if result.run is None:
        messages.info(request, "Rien à rejouer : ces messages sont déjà traités.")
    if result.applied:
        messages.success(request, f"{result.applied} message(s) appliqué(s).")
    if result.repeated:
        messages.success(request, f"{result.repeated} message(s) déjà appliqué(s) auparavant : le rejet est soldé.")
    for code, number in result.refused.most_common(5):
        messages.warning(request, f"{number} message(s) encore rejeté(s), {code} : {result.examples[code][1]}")
