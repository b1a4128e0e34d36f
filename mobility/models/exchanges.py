"""Files of requests given to SIAM or received from it: who, when, how many, which bytes (requirement S50)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from mobility.enums import Direction
from mobility.models.campaigns import Campaign


class Exchange(models.Model):
    """`digest` is the SHA-256 of the file; `written` the requests an import created. Written once (trigger)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="campagne", related_name="exchanges")
    direction = models.CharField("sens", max_length=6, choices=Direction.choices)
    rows = models.PositiveIntegerField("demandes dans le fichier")
    written = models.PositiveIntegerField("demandes créées", default=0)
    digest = models.CharField("empreinte du fichier", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+")
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "échange avec SIAM"
        verbose_name_plural = "échanges avec SIAM"
        ordering = ["-at", "-pk"]
        default_permissions = ()
        permissions = [("exchange_siam", "Peut échanger les demandes de mutation avec SIAM")]
        constraints = [models.CheckConstraint(name="exchange_direction", condition=Q(direction__in=Direction.values))]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} : {self.rows}"
