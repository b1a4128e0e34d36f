"""The outbox: an alert is a row written with its cause; workers send it to the academic mailbox and mark it sent."""

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from iprof.correspondence.enums import Channel, Pace

WAITING = Q(sent_at__isnull=True, abandoned_at__isnull=True)


class Sending(models.Model):
    """One thing to send once, whatever breaks: when it is next tried, how often it was, how it ended.

    A worker holds a row by moving `next_try_at` past the end of its lease; the row is not due meanwhile.
    """

    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    next_try_at = models.DateTimeField("prochain essai")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)
    abandoned_at = models.DateTimeField("abandonnée le", null=True, blank=True)

    IDENTITY: ClassVar[str] = "pk"  # what names a row to the worker that holds it

    class Meta:
        abstract = True


class Mailing(models.Model):
    """What many people are sent word for word: written once, serialised once, and called back at once.

    `text` is plain; `html` was cleaned when written (iprof.correspondence.rich_text) and may be empty. Nothing of one
    person is in either. A recalled mailing keeps what it said, under the date and the reason of the recall.
    """

    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte")
    html = models.TextField("texte mis en forme", blank=True)
    link = models.CharField("page du portail", max_length=200, blank=True)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    recalled_at = models.DateTimeField("rappelé le", null=True, blank=True)
    recall_reason = models.CharField("motif du rappel", max_length=300, blank=True)

    class Meta:
        verbose_name = "envoi groupé"
        verbose_name_plural = "envois groupés"
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="mailing_recall_has_a_reason",
                condition=Q(recalled_at__isnull=True, recall_reason="")
                | Q(recalled_at__isnull=False) & ~Q(recall_reason=""),
                violation_error_message="Un rappel porte une date et un motif.",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class AlertQuerySet(models.QuerySet["Alert"]):
    def due(self, now: dt.datetime) -> "AlertQuerySet":
        """Mails to send now: those put off to a digest leave with it, those withdrawn never leave."""
        return self.filter(WAITING, withdrawn_at__isnull=True, pace=Pace.NOW, next_try_at__lte=now)


class Alert(Sending):
    """One message to one person, shown in the portal and sent to the academic mailbox (requirement S03).

    The recipient is the account itself, never an address passed beside it. `message_id` is fixed at creation, so that
    a repeat after a crash is recognised by the receiving server. `cause` names what the alert tells of: a person has
    one alert per cause, whatever is run again. A trigger refuses that the person, the cause or the Message-ID of a row
    ever change: a row reused for another person is the wrong-person mail waiting to happen.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="destinataire", related_name="alerts"
    )
    kind = models.CharField("nature", max_length=60)
    cause = models.CharField("cause", max_length=100, blank=True, editable=False)
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte", blank=True)
    link = models.CharField("page du portail", max_length=200, blank=True)
    mailing = models.ForeignKey(
        Mailing, models.PROTECT, verbose_name="envoi groupé", null=True, blank=True, related_name="alerts"
    )
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    read_at = models.DateTimeField("lue le", null=True, blank=True)
    pace = models.CharField("rythme", max_length=10, choices=Pace.choices, default=Pace.NOW, editable=False)
    digest = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="récapitulatif", null=True, blank=True, related_name="told"
    )
    withdrawn_at = models.DateTimeField("retirée avant envoi le", null=True, blank=True)
    bounced_at = models.DateTimeField("revenue le", null=True, blank=True)

    # Never given twice, unlike a number after a restored dump: a mark meant for one alert cannot fall on another.
    IDENTITY = "message_id"
    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "alerte"
        ordering = ["-created_at", "-pk"]
        permissions = [("resend_alert", "Peut relancer l'envoi d'une alerte")]
        indexes = [
            models.Index(fields=["user", "-created_at"]),
            models.Index(
                fields=["next_try_at"],
                name="alert_waiting",
                condition=Q(sent_at__isnull=True, abandoned_at__isnull=True, withdrawn_at__isnull=True, pace=Pace.NOW),
            ),
            models.Index(
                fields=["pace", "user"],
                name="alert_for_digest",
                condition=Q(digest__isnull=True, withdrawn_at__isnull=True, pace__in=[Pace.DAILY, Pace.WEEKLY]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="alert_once_per_cause", fields=["user", "cause"], condition=~Q(cause="")),
            models.CheckConstraint(
                name="alert_says_something", condition=Q(mailing__isnull=False) | ~Q(body=""),
            ),
            models.CheckConstraint(
                name="alert_withdrawn_never_left", condition=Q(withdrawn_at__isnull=True) | Q(sent_at__isnull=True)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        """The kind, not the words: those who watch over deliveries read no one's alerts."""
        return f"{self.kind} {self.message_id}"

    @property
    def text(self) -> str:
        """What it says, in plain words. Select `mailing` with the rows of a list."""
        return self.mailing.text if self.mailing is not None else self.body


class AlertCopyQuerySet(models.QuerySet["AlertCopy"]):
    def due(self, now: dt.datetime) -> "AlertCopyQuerySet":
        return self.filter(WAITING, alert__withdrawn_at__isnull=True, next_try_at__lte=now)


class AlertCopy(Sending):
    """An alert on its way to another channel, which says that there is something to read and nothing of it (D44, K14).

    Written with the alert, for the devices and the choices of that moment. The person is the alert's own.
    """

    alert = models.ForeignKey(Alert, models.CASCADE, verbose_name="alerte", related_name="copies")
    channel = models.CharField("voie", max_length=10, choices=Channel.choices)
    subscription = models.ForeignKey(
        "correspondence.PushSubscription",
        models.CASCADE,
        verbose_name="appareil",
        null=True,
        blank=True,
        related_name="copies",
    )

    objects = AlertCopyQuerySet.as_manager()

    class Meta:
        verbose_name = "copie d'alerte"
        verbose_name_plural = "copies d'alertes"
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["next_try_at"], name="copy_waiting", condition=WAITING)]
        constraints = [
            models.UniqueConstraint(
                name="copy_once", fields=["alert", "channel", "subscription"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="copy_push_has_a_device",
                condition=Q(channel=Channel.PUSH, subscription__isnull=False)
                | ~Q(channel=Channel.PUSH) & Q(subscription__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.alert_id}"
