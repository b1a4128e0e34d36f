"""What a person chose of their alerts: the rhythm of each family, the devices they allowed, the notice elsewhere."""

import uuid

from django.conf import settings
from django.db import models

from iprof.correspondence.enums import Pace


class AlertChoice(models.Model):
    """The choice of one person for one family of alerts (iprof.correspondence.kinds). No row: the family's default."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alert_choices")
    family = models.CharField("famille", max_length=20)
    pace = models.CharField("rythme", max_length=10, choices=Pace.choices)
    push = models.BooleanField("notification sur les appareils", default=True)

    class Meta:
        verbose_name = "choix d'alertes"
        verbose_name_plural = "choix d'alertes"
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="alert_choice_once", fields=["user", "family"])]

    def __str__(self) -> str:
        return f"{self.family} : {self.get_pace_display()}"


class ForwardChoice(models.Model):
    """Whoever has a row is told at their recovery address that an alert waits: no content, no subject (K14)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="forward_choice")
    since = models.DateTimeField("depuis le", auto_now_add=True)
    last_notice_at = models.DateTimeField("dernier avis", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "avis à l'adresse de secours"
        verbose_name_plural = "avis à l'adresse de secours"
        default_permissions = ()

    def __str__(self) -> str:
        return f"depuis le {self.since:%d/%m/%Y}"


class PushSubscription(models.Model):
    """A browser of a person that asked for notifications: where its push service is and the keys it decrypts with.

    The push service is not trusted (norm D44): it sees when, never what. Removed as soon as the service says it is gone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField("service de notification", max_length=500, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    label = models.CharField("appareil", max_length=100)
    created_at = models.DateTimeField("autorisé le", auto_now_add=True)
    last_sent_at = models.DateTimeField("dernière notification", null=True, blank=True)

    class Meta:
        verbose_name = "appareil notifié"
        verbose_name_plural = "appareils notifiés"
        ordering = ["-created_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label
