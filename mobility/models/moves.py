"""One change of one date, with its reason: what campaigns and openings of schemes share (K2)."""

from django.conf import settings
from django.db import models


class DateMove(models.Model):
    """Who, why, from what, to what. Written once, for good (triggers of each table)."""

    number = models.PositiveSmallIntegerField("rang")
    was_at = models.DateTimeField("date d'avant", null=True)
    became_at = models.DateTimeField("nouvelle date")
    reason = models.CharField("motif", max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="décidé par", related_name="+"
    )
    decided_at = models.DateTimeField("décidé le", auto_now_add=True)

    class Meta:
        abstract = True
