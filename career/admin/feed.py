"""The feed in the administration: loads, what was received, what was refused and how it is put right."""

import uuid
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from career.feed.replay import UNSETTLED, correct_and_replay, dismiss, open_message, replay, shown_line
from career.models import FeedRun, InboxMessage, QuarantinedMessage
from iprof.kernel.errors import DomainError
from iprof.kernel.money import format_number
from iprof.web.admin import CappedPaginator, ReadOnlyAdmin
from security.models import User

MOST_AT_ONCE = 5000  # some five seconds; beyond, the command line
SENTENCES = {
    "quarantine_settled": "Ce message a été traité entre-temps. Rechargez la page pour voir ce qu'il est devenu.",
    "dismissal_unexplained": "Dites en quelques mots pourquoi ce message est écarté : il ne sera plus rejoué.",
}
QUARANTINE_LIST = "admin:career_quarantinedmessage_changelist"


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "door", "file_name", "state", "duration", "lines", "written", "known", "refused")
    list_filter = ("state", "door")
    search_fields = ("file_name",)
    search_help_text = "Nom du fichier"
    date_hierarchy = "started_at"
    fields: ClassVar[list[Any]] = [
        ("started_at", "finished_at", "duration"),
        ("door", "file_name", "state"),
        ("lines", "written", "known", "refused"),
        "rejections",
        "error",
    ]

    @admin.display(description="durée")
    def duration(self, run: FeedRun) -> str:
        if run.finished_at is None:
            return "—"
        seconds = (run.finished_at - run.started_at).total_seconds()
        return (
            f"{seconds:.1f} s".replace(".", ",") if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
        )

    @admin.display(description="lignes lues", ordering="lines_read")
    def lines(self, run: FeedRun) -> str:
        return format_number(run.lines_read)

    @admin.display(description="appliquées", ordering="applied")
    def written(self, run: FeedRun) -> str:
        return format_number(run.applied)

    @admin.display(description="déjà reçues", ordering="repeated")
    def known(self, run: FeedRun) -> str:
        return format_number(run.repeated)

    @admin.display(description="rejetées", ordering="quarantined")
    def refused(self, run: FeedRun) -> str:
        return format_number(run.quarantined)

    @admin.display(description="rejets par motif")
    def rejections(self, run: FeedRun) -> str | SafeString:
        """Each code with its count, a link to its messages, and how many are still to be settled."""
        rows = run.quarantine.values("code").annotate(number=Count("pk")).order_by("-number", "code")
        link = f"{reverse(QUARANTINE_LIST)}?run__id__exact={run.pk}&code="
        lines = [(link + row["code"], row["code"], format_number(row["number"])) for row in rows]
        if not lines:
            return "Aucun"
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a> : {}</li>', lines))


@admin.register(InboxMessage)
class InboxMessageAdmin(ReadOnlyAdmin):
    """That a message came and when, never what it says: that is the agent's file, read by habilitation."""

    list_display = ("received_at", "source", "type", "matricule", "seq", "message_id")
    list_filter = ("source", "type")
    search_fields = ("matricule__startswith", "message_id__exact")
    search_help_text = "Matricule, ou identifiant du message en entier"
    ordering = ("-pk",)
    paginator = CappedPaginator
    fields: ClassVar[list[Any]] = ["message_id", "source", "type", "matricule", "seq", "time", "received_at", "run"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[InboxMessage], search_term: str
    ) -> tuple[QuerySet[InboxMessage], bool]:
        term = search_term.replace("\x00", "").strip()
        if len(term) == 36:
            return _by_message(queryset, term), False
        return queryset.filter(matricule__startswith=term.upper()) if term else queryset, False


def _by_message(queryset: QuerySet[InboxMessage], term: str) -> QuerySet[InboxMessage]:
    try:
        return queryset.filter(message_id=uuid.UUID(term))
    except ValueError:
        return queryset.none()


class CodeFilter(admin.SimpleListFilter):
    title, parameter_name = "motif du rejet", "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = QuarantinedMessage.objects.order_by("code").values_list("code", flat=True).distinct()
        return [(code, code) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> QuerySet[QuarantinedMessage]:
        return queryset.filter(code=self.value()) if self.value() else queryset


@admin.register(QuarantinedMessage)
class QuarantinedMessageAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "code", "reason", "type", "matricule", "line_number", "state")
    list_filter = ("state", CodeFilter, "type", "source")
    search_fields = ("matricule", "message_id")
    search_help_text = "Matricule ou identifiant du message, ou leur début"
    date_hierarchy = "received_at"
    actions = ("replay_chosen",)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuarantinedMessage]:
        return super().get_queryset(request).defer("raw_sealed")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage], search_term: str
    ) -> tuple[QuerySet[QuarantinedMessage], bool]:
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        found = queryset.filter(matricule__startswith=term.upper())
        return found | queryset.filter(message_id__startswith=term.lower()), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if request.user.has_perm("career.replay_feed") else {}

    @admin.action(description="Rejouer les messages choisis")
    def replay_chosen(self, request: HttpRequest, queryset: QuerySet[QuarantinedMessage]) -> None:
        rows = QuarantinedMessage.objects.filter(pk__in=queryset.order_by().values("pk"), state__in=UNSETTLED)
        number = rows.count()
        if number > MOST_AT_ONCE:
            messages.error(
                request,
                f"{number} messages sont choisis : au-delà de {MOST_AT_ONCE}, l'attente est trop longue. "
                "Filtrez par motif, ou lancez « siae_replay » sur le serveur.",
            )
        elif not number:
            messages.warning(request, "Les messages choisis sont déjà traités : rien à rejouer.")
        else:
            self._tell(request, replay(rows=rows, by=cast(User, request.user)))

    @staticmethod
    def _tell(request: HttpRequest, run: FeedRun) -> None:
        done = run.applied + run.repeated
        told = f"{format_number(done)} message(s) appliqué(s) ou déjà reçu(s), {format_number(run.quarantined)} encore rejeté(s)."
        (messages.success if done else messages.warning)(request, told)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The message with its reason; POST corrects, replays or sets aside. What was typed stays when it is refused."""
        if not request.user.has_perm("career.view_quarantinedmessage"):
            raise PermissionDenied
        row = None
        if object_id.isascii() and object_id.isdigit() and len(object_id) < 19:
            row = QuarantinedMessage.objects.select_related("run", "settled_by").filter(pk=int(object_id)).first()
        if row is None:
            raise Http404
        by, may_replay = cast(User, request.user), request.user.has_perm("career.replay_feed")
        if request.method == "POST":
            if not may_replay:
                raise PermissionDenied
            problem, status = self._act(request, row, by)
            if not problem:
                return redirect(reverse("admin:career_quarantinedmessage_change", args=[row.pk]))
            line = shown_line(row)
        else:
            problem, status, line = "", 200, open_message(row=row, by=by)
        context = {
            **self.admin_site.each_context(request),
            "title": "Message rejeté",
            "opts": self.opts,
            "row": row,
            "line": line,
            "typed": request.POST.get("ligne", line),
            "note": request.POST.get("motif", ""),
            "unsettled": row.state in UNSETTLED,
            "may_replay": may_replay,
            "problem": problem,
        }
        return TemplateResponse(request, "admin/career/quarantinedmessage/message.html", context, status=status)

    def _act(self, request: HttpRequest, row: QuarantinedMessage, by: User) -> tuple[str, int]:
        """("", 200) when done; else the sentence to show and its status."""
        try:
            match request.POST.get("geste"):
                case "rejouer":
                    run = replay(rows=QuarantinedMessage.objects.filter(pk=row.pk), by=by)
                    if not run.lines_read:
                        raise DomainError("quarantine_settled")
                    self._tell(request, run)
                case "corriger":
                    correction = correct_and_replay(row=row, text=request.POST.get("ligne", ""), by=by)
                    if correction.problem is not None:
                        return f"Encore rejeté, rien n'est écrit. {correction.problem.reason}", 400
                    messages.success(request, "Le message corrigé est appliqué.")
                case "ecarter":
                    dismiss(row=row, note=request.POST.get("motif", "").replace("\x00", ""), by=by)
                    messages.success(request, "Le message est écarté. Il ne sera plus rejoué.")
                case _:
                    return "Aucun geste n'a été compris. Choisissez un des boutons.", 400
        except DomainError as error:
            return SENTENCES[error.code], 409 if error.code == "quarantine_settled" else 400
        return "", 200
