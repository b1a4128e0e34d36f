from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """The secret address of one's calendar: only a digest of what opens it is kept. Revoked by removing the row."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key_digest = models.CharField("empreinte", max_length=64, unique=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "abonnement au calendrier"
        verbose_name_plural = "abonnements au calendrier"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} · {self.created_at:%d/%m/%Y}"
