"""The outbox: an alert is a row written with its cause; a worker sends it to the academic mailbox and marks it sent."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class AlertQuerySet(models.QuerySet["Alert"]):
    def due(self, now: dt.datetime) -> "AlertQuerySet":
        return self.filter(sent_at__isnull=True, abandoned_at__isnull=True, next_try_at__lte=now)


class Alert(models.Model):
    """One message to one person, shown in the portal and sent to the academic mailbox (requirement S03).

    The recipient is the account itself, never an address passed beside it. `message_id` is fixed at creation, so that
    a repeat after a crash is recognised by the receiving server.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="destinataire", related_name="alerts"
    )
    kind = models.CharField("nature", max_length=60)
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    link = models.CharField("page du portail", max_length=200, blank=True)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    read_at = models.DateTimeField("lue le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    next_try_at = models.DateTimeField("prochain essai")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)
    abandoned_at = models.DateTimeField("abandonnée le", null=True, blank=True)

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
                condition=Q(sent_at__isnull=True, abandoned_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        """The kind, not the words: those who watch over deliveries read no one's alerts."""
        return f"{self.kind} {self.message_id}"
