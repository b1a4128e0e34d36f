"""What the automatic checks said of a request when they last ran: what the queue of the service is sorted by."""

from django.db import models
from django.db.models import Q

from mobility.enums import CheckLevel
from mobility.models.requests import MobilityRequest


class Triage(models.Model):
    """`found` lists the codes of the checks that ask for a person (`mobility.domain.control`). It decides nothing: the
    page of the request runs the checks again, and a named person signs (D28)."""

    request = models.OneToOneField(MobilityRequest, models.CASCADE, verbose_name="demande", related_name="triage")
    level = models.PositiveSmallIntegerField("contrôles", choices=CheckLevel.choices)
    found = models.JSONField("ce qui demande une personne", default=list)
    revision = models.PositiveIntegerField("révision vue")
    ran_at = models.DateTimeField("le")

    class Meta:
        verbose_name = "contrôles automatiques d'une demande"
        verbose_name_plural = "contrôles automatiques des demandes"
        default_permissions = ()
        constraints = [models.CheckConstraint(name="triage_level", condition=Q(level__in=CheckLevel.values))]

    def __str__(self) -> str:
        return self.get_level_display()
