from django.db import models


class Tombstone(models.Model):
    """The latest rectification of a fact, kept even when the fact itself has not come yet: it wins whatever the order."""

    type = models.CharField(max_length=30)
    matricule = models.CharField(max_length=20)
    ref = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    event_id = models.UUIDField()
    time = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "rectification"
        constraints = [models.UniqueConstraint(fields=["type", "matricule", "ref"], name="tombstone_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.ref}"
