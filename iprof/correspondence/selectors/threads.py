"""Reads of the threads: those of one person, with what their pages show."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from iprof.correspondence.domain.ticket_priority import COMING_DAYS, NEAR_DAYS, Judged, TicketType, judge
from iprof.correspondence.enums import ThreadKind
from iprof.correspondence.models import Message, MessageFile, ReplyTemplate, Thread
from iprof.kernel.explain import Input, Node
from security.models import User

# Those that wait first, the longest overdue first; then the others, the last written first.
BY_URGENCY = (F("due_at").asc(nulls_last=True), "-last_at", "-pk")


def threads_of(user: User, kind: ThreadKind) -> QuerySet[Thread]:
    """The threads a person opened, the last written first."""
    return Thread.objects.filter(owner_id=user.pk, kind=kind).select_related("assigned_to")


def was_sent(by: User, token: UUID | None) -> bool:
    """Whether the page of this token has already written its message."""
    return token is not None and Message.objects.filter(author_id=by.pk, token=token).exists()


def messages_of(thread: Thread) -> Sequence[Message]:
    """In order, with their files (without their content) and authors. Two queries."""
    files = MessageFile.objects.select_related("attachment").defer("attachment__sealed")
    rows = thread.messages.select_related("author").prefetch_related(Prefetch("files", files))
    return list(rows)


def waiting_counts(rows: QuerySet[Thread]) -> dict[str, int]:
    """`waiting` and `late`, in one query."""
    now = timezone.now()
    return rows.aggregate(
        waiting=Count("pk", filter=Q(due_at__isnull=False)), late=Count("pk", filter=Q(due_at__lt=now))
    )


def templates_for(kind: str) -> QuerySet[ReplyTemplate]:
    return ReplyTemplate.objects.filter(kind=kind, is_active=True)


def due_node(thread: Thread) -> Node:
    """When an answer is promised, and how the delay is counted."""
    opens, closes = settings.OFFICE_HOURS
    if thread.kind == ThreadKind.SUPPORT:
        hours = settings.SUPPORT_DELAY_HOURS[thread.priority]
        count = f"{hours} heures ouvrées pour une priorité {thread.get_priority_display().lower()}"
    else:
        count = f"{settings.DIALOGUE_DELAY_DAYS} jours ouvrés"
    return Node(
        "Réponse attendue avant",
        timezone.localtime(thread.due_at).date() if thread.due_at else None,
        "date",
        "correspondence.delay",
        "",
        sentence=f"L'administration s'engage à répondre en {count}, comptés de {opens} h à {closes} h, du lundi au vendredi "
        "hors jours fériés. C'est un engagement de service : aucun texte ne fixe ce délai.",
    )


def judged(thread: Thread) -> Judged:
    """The priority of a ticket as it was settled when it was filed."""
    kind = TicketType(thread.ticket_kind)
    return judge(kind, deadline=thread.deadline, on=timezone.localtime(thread.created_at).date())


def priority_node(thread: Thread) -> Node:
    found = judged(thread)
    inputs = [Input("Type de problème", thread.get_ticket_kind_display(), "la demande")]
    if thread.deadline:
        inputs += [
            Input("Échéance indiquée", thread.deadline, "la demande"),
            Input("Jours ouvrés d'ici là", found.days, "le jour de la demande"),
        ]
    return Node(
        "Priorité",
        thread.get_priority_display(),
        "",
        "correspondence.ticket_priority",
        "",
        inputs=tuple(inputs),
        sentence=f"Priorité {thread.get_priority_display().lower()} : {found.reason}. Une échéance à {NEAR_DAYS} jours ouvrés "
        f"ou moins donne la priorité haute, à {COMING_DAYS} ou moins la priorité normale au moins.",
    )
