"""Written exchanges of a person with the administration: with their gestionnaire, or with the support team.

One engine, two kinds. `owner` opened the thread and never changes (trigger); staff answer. What staff write among
themselves is a `ThreadNote`, a table of its own: no page of the owner reads it.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence import enums
from iprof.correspondence.domain.thread_states import WAITING, State
from iprof.correspondence.models.attachments import Attachment

SUBJECT_MAX, BODY_MAX = 150, 5_000
WAITS = Q(state__in=sorted(WAITING))
CLOSED = Q(state=State.CLOSED.value)
IS_TICKET = Q(kind=enums.ThreadKind.SUPPORT.value)
USER = settings.AUTH_USER_MODEL


class ThreadQuerySet(models.QuerySet["Thread"]):
    def waiting(self) -> "ThreadQuerySet":
        return self.filter(WAITS)


class Thread(models.Model):
    """`due_at` is set while an answer is waited for. `about_*` is what the thread is about, as its owner saw it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=10, choices=enums.ThreadKind.choices)
    owner = models.ForeignKey(USER, models.PROTECT, verbose_name="ouvert par", related_name="threads")
    subject = models.CharField("objet", max_length=SUBJECT_MAX)
    about_kind = models.CharField("nature de l'élément", max_length=20, blank=True)
    about_ref = models.CharField("référence de l'élément", max_length=80, blank=True)
    about_label = models.CharField("au sujet de", max_length=300, blank=True)
    about_link = models.CharField("page de l'élément", max_length=200, blank=True)
    state = models.CharField("état", max_length=15, choices=enums.ThreadState.choices, default=enums.ThreadState.SENT)
    created_at = models.DateTimeField("ouvert le", default=timezone.now, editable=False)
    last_at = models.DateTimeField("dernier message le", default=timezone.now, editable=False)
    due_at = models.DateTimeField("réponse attendue avant le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    assigned_to = models.ForeignKey(
        USER, models.PROTECT, verbose_name="suivi par", related_name="+", null=True, blank=True
    )
    ticket_kind = models.CharField("type de problème", max_length=10, choices=enums.TicketKind.choices, blank=True)
    priority = models.CharField("priorité", max_length=10, choices=enums.TicketPriority.choices, blank=True)
    deadline = models.DateField("échéance indiquée", null=True, blank=True)
    page = models.CharField("page concernée", max_length=300, blank=True)
    browser = models.CharField("navigateur", max_length=300, blank=True)
    satisfaction = models.CharField("résolu ?", max_length=10, choices=enums.Satisfaction.choices, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = "échange avec un agent"
        verbose_name_plural = "échanges avec les agents"
        ordering = ["-last_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("answer_thread", "Peut répondre aux échanges des agents")]
        indexes = [
            models.Index(fields=["owner", "kind", "-last_at"]),
            models.Index(fields=["kind", "due_at"], condition=WAITS, name="thread_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                name="thread_due_while_it_waits",
                condition=WAITS & Q(due_at__isnull=False) | ~WAITS & Q(due_at__isnull=True),
                violation_error_message="Une échéance de réponse va avec un échange qui attend.",
            ),
            models.CheckConstraint(
                name="thread_closed_has_day",
                condition=CLOSED & Q(closed_at__isnull=False) | ~CLOSED & Q(closed_at__isnull=True),
                violation_error_message="Un échange clos porte sa date.",
            ),
            models.CheckConstraint(
                name="thread_state_is_known",
                condition=Q(state__in=enums.ThreadState.values, kind__in=enums.ThreadKind.values),
                violation_error_message="Cet état n'existe pas.",
            ),
            models.CheckConstraint(
                name="thread_taken_has_someone",
                condition=~Q(state=State.TAKEN.value) | Q(assigned_to__isnull=False),
                violation_error_message="Un échange pris en charge l'est par quelqu'un.",
            ),
            models.CheckConstraint(
                name="thread_never_followed_by_its_owner",
                condition=Q(assigned_to__isnull=True) | ~Q(assigned_to=F("owner")),
                violation_error_message="Nul ne suit son propre échange.",
            ),
            models.CheckConstraint(
                name="thread_ticket_is_typed",
                condition=IS_TICKET & ~Q(ticket_kind="") & ~Q(priority="")
                | ~IS_TICKET
                & Q(ticket_kind="", priority="", page="", browser="", satisfaction="", deadline__isnull=True),
                violation_error_message="Un type et une priorité vont avec une demande d'assistance, et elle seule.",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        name = "ticket_detail" if self.kind == enums.ThreadKind.SUPPORT else "thread_detail"
        return reverse(f"correspondence:{name}", args=[self.public_id])

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()


class TicketManager(models.Manager["Ticket"]):
    def get_queryset(self) -> models.QuerySet["Ticket"]:
        return super().get_queryset().filter(kind=enums.ThreadKind.SUPPORT)


class Ticket(Thread):
    """The threads of the support team, with permissions of their own."""

    tickets: Any = TicketManager()

    class Meta:
        proxy = True
        verbose_name = "demande d'assistance"
        verbose_name_plural = "demandes d'assistance"
        default_permissions = ("view",)
        permissions = [("answer_ticket", "Peut répondre aux demandes d'assistance")]


class Message(models.Model):
    """One message, never changed (trigger). `token` names the page it was typed in: sent twice, it is written once."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    author = models.ForeignKey(USER, models.PROTECT, verbose_name="auteur", related_name="+")
    from_staff = models.BooleanField("écrit par l'administration")
    body = models.TextField("message", max_length=BODY_MAX)
    token = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField("écrit le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["created_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="message_typed_once", fields=["author", "token"]),
            models.CheckConstraint(name="message_says_something", condition=~Q(body="")),
        ]

    def __str__(self) -> str:
        return self.body[:60]


class MessageFile(models.Model):
    """A PDF joined to a message; `message` is empty while the form it was sent with is not accepted yet."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+")
    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="message_file")
    message = models.ForeignKey(Message, models.CASCADE, related_name="files", null=True, blank=True)
    kept_at = models.DateTimeField("reçu le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "pièce d'un message"
        verbose_name_plural = "pièces des messages"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.attachment.name


class ThreadNote(models.Model):
    """What staff tell each other about a thread. Never shown to its owner."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="notes")
    author = models.ForeignKey(USER, models.PROTECT, verbose_name="auteur", related_name="+")
    text = models.TextField("note interne", max_length=2_000)
    created_at = models.DateTimeField("écrite le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "note interne"
        verbose_name_plural = "notes internes"
        ordering = ["created_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text[:60]


class ReplyTemplate(models.Model):
    """A text staff start a reply from. It holds no placeholder: what is sent is what was read."""

    kind = models.CharField("pour", max_length=10, choices=enums.ThreadKind.choices)
    title = models.CharField("titre", max_length=100)
    body = models.TextField("texte", max_length=2_000)
    is_active = models.BooleanField("proposé", default=True)

    class Meta:
        verbose_name = "modèle de réponse"
        verbose_name_plural = "modèles de réponse"
        ordering = ["kind", "title"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                name="reply_template_title_once",
                fields=["kind", "title"],
                violation_error_message="Un modèle de ce titre existe déjà. Donnez-lui un autre titre.",
            )
        ]

    def __str__(self) -> str:
        return self.title
