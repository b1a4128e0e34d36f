"""The two queues of written exchanges: dialogues with agents, support tickets. Overdue first; each reading leaves a trace."""

from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone

from career.admin.thread_acts import TO_BE_WRITTEN, TYPED_WRONG, ReplyForm, act, is_reply, note_typed
from career.models import Agent
from career.selectors.threads import colleagues_for, visible_threads, visible_tickets
from iprof.correspondence.models import Thread, Ticket
from iprof.correspondence.selectors.threads import BY_URGENCY, due_node, messages_of, priority_node, templates_for
from iprof.correspondence.thread_words import explain_staff
from iprof.correspondence.typed import given_back, keeps_typed
from iprof.correspondence.views.conversation import joined_file
from iprof.kernel.errors import DomainError
from iprof.kernel.text import sort_key
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.enums import AccessKind
from security.journal import record
from security.models import User


class SuiteFilter(admin.SimpleListFilter):
    title, parameter_name = "suite donnée", "attente"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "À traiter"), ("retard", "En retard"), ("moi", "Suivis par moi"), ("non", "Répondus ou clos")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "oui":
                return queryset.filter(due_at__isnull=False)
            case "retard":
                return queryset.filter(due_at__lt=timezone.now())
            case "moi":
                return queryset.filter(assigned_to=cast(User, request.user))
            case "non":
                return queryset.filter(due_at__isnull=True)
            case _:
                return queryset


class WrittenAdmin(ReadOnlyAdmin):
    """One queue: `permission` to answer, and `rows` in the habilitation of the reader."""

    title: ClassVar[str]
    permission: ClassVar[str]
    search_fields = ("subject", "owner__agent__sort_key")
    search_help_text = "Objet, ou nom de l'agent"
    date_hierarchy = "created_at"

    def rows(self, user: User) -> QuerySet[Thread]:
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.rows(cast(User, request.user)).select_related("owner", "assigned_to")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return list(BY_URGENCY)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        by_name = queryset.filter(owner__agent__sort_key__contains=sort_key(search_term))
        if not search_term.strip():
            return queryset, False
        return queryset.filter(subject__icontains=search_term.strip().replace("\x00", "")) | by_name, False

    @admin.display(description="agent", ordering="owner__last_name")
    def person(self, thread: Thread) -> str:
        return thread.owner.get_full_name() or thread.owner.username

    @admin.display(description="délai")
    def delay(self, thread: Thread) -> str:
        return "dépassé" if thread.late else "en cours" if thread.waits else ""

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        file, change = (self.admin_site.admin_view(view) for view in (self.file_view, self.change_view))
        return [
            path("<path:object_id>/piece/", file, name=f"{name}_piece"),
            path("<path:object_id>/change/", keeps_typed(change), name=f"{name}_change"),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A file of the thread (`piece`), downloaded; the owner sees who did."""
        self.check_may_view(request, read_only=False)
        thread = row_or_404(self.get_queryset(request), object_id)
        self.check_may_view(request)
        response = joined_file(thread, _uuid(request.GET.get("piece", "")))
        self._trace(request, thread, piece="oui")
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The thread; POST acts (`decision`). What was typed stays when it is refused."""
        self.check_may_view(request, read_only=False)
        thread: Thread = row_or_404(self.get_queryset(request), object_id)
        by = cast(User, request.user)
        form = ReplyForm(request.POST or None, request.FILES or None, by=by)
        if request.method != "POST":
            typed = given_back(request)
            form.initial.update(typed)
            return self._page(request, thread, form, note=typed.get("note", ""))
        if not by.has_perm(self.permission):
            raise PermissionDenied
        try:
            done = act(request, thread, by, form, colleagues_for(thread, on=timezone.localdate()))
        except DomainError as error:
            thread.refresh_from_db()
            status = 400 if error.code in TYPED_WRONG else 409
            return self._page(request, thread, form, problem=explain_staff(error), status=status)
        if not done and request.POST.get("decision") in TO_BE_WRITTEN:
            return self._page(request, thread, form, status=400 if is_reply(request) else 200)
        if done:
            messages.success(request, done)
        else:
            messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[thread.pk]))

    def _page(
        self,
        request: HttpRequest,
        thread: Thread,
        form: ReplyForm,
        *,
        problem: str = "",
        note: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """What is shown of a thread is traced, by whatever method it was asked for."""
        self._trace(request, thread)
        form = form.put_by() if form.is_bound and not is_reply(request) else form
        form.keep_files()
        written, today = messages_of(thread), timezone.localdate()
        may = request.user.has_perm(self.permission) and thread.owner_id != request.user.pk
        return self.own_page(
            request,
            "admin/correspondence/thread/answer.html",
            status=status,
            title=self.title,
            thread=thread,
            agent=Agent.objects.filter(user_id=thread.owner_id).only("pk", "first_name", "last_name").first(),
            written=written,
            seen=len(written),
            notes=thread.notes.select_related("author"),
            form=form,
            note=note or note_typed(request),
            problem=problem,
            due=due_node(thread) if thread.due_at else None,
            priority=priority_node(thread) if thread.priority else None,
            may_answer=may,
            templates=templates_for(thread.kind) if may else (),
            colleagues=colleagues_for(thread, on=today).exclude(pk=thread.assigned_to_id or 0) if may else (),
            file_url=f"admin:{self.opts.app_label}_{self.opts.model_name}_piece",
        )

    @staticmethod
    def _trace(request: HttpRequest, thread: Thread, **detail: str) -> None:
        by = cast(User, request.user)
        if by.pk != thread.owner_id:
            record(
                AccessKind.THREAD_READ,
                actor=by,
                subject=thread.owner,
                request=request,
                thread=str(thread.public_id),
                **detail,
            )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # of no file


@admin.register(Thread)
class ThreadAdmin(WrittenAdmin):
    title, permission = "Échange avec un agent", "correspondence.answer_thread"
    list_title = "Échanges avec les agents"
    list_display = ("subject", "delay", "due_at", "state", "person", "assigned_to")
    list_filter = (SuiteFilter, "state")

    def rows(self, user: User) -> QuerySet[Thread]:
        return visible_threads(user, on=timezone.localdate())


@admin.register(Ticket)
class TicketAdmin(WrittenAdmin):
    title, permission = "Demande d'assistance", "correspondence.answer_ticket"
    list_title = "Demandes d'assistance"
    list_display = ("subject", "delay", "due_at", "priority", "state", "ticket_kind", "person", "assigned_to")
    list_filter = (SuiteFilter, "priority", "ticket_kind", "satisfaction", "state")

    def rows(self, user: User) -> QuerySet[Thread]:
        return visible_tickets(user, on=timezone.localdate())
