"""Refused accesses being counted: a row lives a minute or two, the journal keeps the lines."""

from django.db import models
from django.utils import timezone


class RefusedAccess(models.Model):
    """How often the same person, or the same network without one, was refused the same page since the line written in
    the journal. `key` is a keyed hash of who, where and how.
    """

    key = models.CharField(max_length=64, primary_key=True)
    actor = models.ForeignKey("security.User", models.CASCADE, verbose_name="auteur", null=True, related_name="+")
    subject = models.ForeignKey("security.User", models.CASCADE, verbose_name="agent", null=True, related_name="+")
    reason = models.CharField("motif", max_length=100)
    detail = models.JSONField("détail", default=dict)
    since = models.DateTimeField("depuis", default=timezone.now, db_index=True)
    folded = models.PositiveIntegerField("refus comptés", default=0)
    before = models.PositiveIntegerField("refus comptés la minute d'avant", default=0)

    class Meta:
        verbose_name = "compteur de refus"
        verbose_name_plural = "compteurs de refus"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.folded} refus depuis le {self.since:%d/%m/%Y %H:%M}"
