import uuid

from django.db import models

from career.models.agents import Agent


class SavedScenario(models.Model):
    """The hypotheses of a projection under a name its owner chose. `query` is an address, not a result: the projection is
    computed again under the law and the file of the day it is opened."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="scenarios", verbose_name="agent")
    name = models.CharField("nom", max_length=60)
    query = models.CharField("hypothèses", max_length=500, blank=True)
    created_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "scénario de projection"
        verbose_name_plural = "scénarios de projection"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "name"],
                name="scenario_name_once",
                violation_error_message="Vous avez déjà un scénario de ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
