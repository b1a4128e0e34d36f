"""The inbox: what came from outside, whole, once; the quarantine: what could not be accepted, with the reason."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from career import enums


class FeedRun(models.Model):
    """One load: a file, a call of the API or a replay, with its counts.

    `delivery_id` is the webhook-id of a call: unique, so that a call captured and sent again is refused.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    door = models.CharField("porte", max_length=10, choices=enums.FeedDoor.choices)
    file_name = models.CharField("fichier", max_length=200, blank=True)
    file_digest = models.CharField("empreinte du fichier", max_length=64, blank=True, db_index=True)
    delivery_id = models.CharField("identifiant d'envoi", max_length=64, null=True, unique=True, editable=False)
    state = models.CharField("état", max_length=12, choices=enums.RunState.choices, default=enums.RunState.RUNNING)
    started_at = models.DateTimeField("début", auto_now_add=True)
    finished_at = models.DateTimeField("fin", null=True, blank=True)
    lines_read = models.PositiveIntegerField("lignes lues", default=0)
    applied = models.PositiveIntegerField("appliquées", default=0)
    repeated = models.PositiveIntegerField("déjà reçues", default=0)
    quarantined = models.PositiveIntegerField("rejetées", default=0)
    error = models.CharField("erreur", max_length=300, blank=True)

    class Meta:
        verbose_name = "chargement"
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_door_display()} {self.file_name} {self.started_at:%d/%m/%Y %H:%M}".strip()


class InboxMessage(models.Model):
    """An accepted message. Append-only and idempotent: the same (source, message_id) is applied once.

    `payload` is the message's `data` without its NUMEN, which lies sealed with the agent; `digest` is a keyed hash of the line as received, which
    tells a repeat from another message under the same id.
    """

    source = models.CharField("source", max_length=20)
    message_id = models.UUIDField("identifiant du message")
    seq = models.BigIntegerField("rang à la source")
    type = models.CharField("type", max_length=30)
    matricule = models.CharField("matricule", max_length=20)
    time = models.DateTimeField("émis le")
    payload = models.JSONField("contenu")
    digest = models.CharField(max_length=32)
    run = models.ForeignKey(FeedRun, models.PROTECT, related_name="messages", verbose_name="chargement")
    received_at = models.DateTimeField("reçu le", auto_now_add=True, db_default=Now())

    class Meta:
        verbose_name = "message reçu"
        verbose_name_plural = "messages reçus"
        constraints = [models.UniqueConstraint(fields=["source", "message_id"], name="inbox_message_once")]
        indexes = [models.Index(fields=["matricule", "seq"], name="inbox_by_agent")]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"


class QuarantinedMessage(models.Model):
    """A line that could not be accepted, kept whole (sealed: it may hold a NUMEN) until it is replayed or dismissed.

    `note` says why it was dismissed, or what settled it when that is not the line itself.
    """

    run = models.ForeignKey(FeedRun, models.PROTECT, related_name="quarantine", verbose_name="chargement")
    source = models.CharField("source", max_length=20, blank=True)
    message_id = models.CharField("identifiant du message", max_length=36, blank=True)
    matricule = models.CharField("matricule", max_length=20, blank=True, db_index=True)
    type = models.CharField("type", max_length=30, blank=True)
    seq = models.BigIntegerField("rang à la source", null=True, blank=True)
    line_number = models.PositiveIntegerField("ligne", default=0)
    raw_sealed = models.BinaryField("ligne chiffrée", editable=False)
    digest = models.CharField(max_length=32, unique=True, editable=False)
    code = models.CharField("code du rejet", max_length=40, db_index=True)
    field = models.CharField("champ", max_length=60, blank=True)
    reason = models.CharField("motif", max_length=400)
    state = models.CharField(
        "état", max_length=12, choices=enums.QuarantineState.choices, default=enums.QuarantineState.OPEN, db_index=True
    )
    received_at = models.DateTimeField("reçu le", auto_now_add=True, db_default=Now())
    settled_at = models.DateTimeField("traité le", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="traité par", null=True, blank=True, related_name="+"
    )
    note = models.CharField("précision", max_length=300, blank=True, db_default="")

    class Meta:
        verbose_name = "message rejeté"
        verbose_name_plural = "messages rejetés"
        ordering = ["-received_at", "line_number"]
        permissions = [("replay_feed", "Peut rejouer un message rejeté")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=enums.QuarantineState.DISMISSED) | ~models.Q(note=""),
                name="quarantine_dismissed_says_why",
                violation_error_message="Un message écarté porte son motif.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} (ligne {self.line_number})"
