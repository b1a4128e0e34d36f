"""What is kept for good of a request: every version of its barème, every change of state (K5, D27)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from mobility.enums import RequestState, VersionCause
from mobility.models.requests import MobilityRequest


class BaremeVersion(models.Model):
    """A barème as it was on a day, with the facts it was computed from and its whole tree. Never changed (trigger).

    `facts` and `result` are the JSON of `mobility.archive`; `retained` maps « vœu|item » to the points a person retained
    where they differ from those computed; `digest` is the SHA-256 of facts, result and retained in canonical JSON.
    `decided_by` None: computed by the rules from what the agent declared; a decision names its author (D28).
    """

    request = models.ForeignKey(MobilityRequest, models.PROTECT, verbose_name="demande", related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    cause = models.CharField("cause", max_length=15, choices=VersionCause.choices)
    rules_session = models.PositiveSmallIntegerField("règles de la session")
    official = models.BooleanField("règles officielles", default=True)
    facts = models.JSONField("faits")
    result = models.JSONField("barème")
    retained = models.JSONField("points retenus", default=dict, blank=True)
    digest = models.CharField("empreinte", max_length=64)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="arrêté par", related_name="+", null=True
    )
    note = models.TextField("motif", max_length=2000, blank=True)
    made_at = models.DateTimeField("le")

    class Meta:
        verbose_name = "version du barème"
        verbose_name_plural = "versions du barème"
        ordering = ["request", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="version_once"),
            models.CheckConstraint(name="version_cause", condition=Q(cause__in=VersionCause.values)),
            models.CheckConstraint(
                name="version_decided_by_someone",
                condition=Q(cause=VersionCause.CONFIRMED) | Q(cause=VersionCause.LATE) | Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Barème n° {self.number}"


class RequestEvent(models.Model):
    """A change of state, or an act that leaves it. `by` None: the clock of the campaign. Written once (trigger)."""

    request = models.ForeignKey(MobilityRequest, models.PROTECT, verbose_name="demande", related_name="events")
    act = models.CharField("acte", max_length=25)
    was = models.CharField("état d'avant", max_length=12, choices=RequestState.choices, blank=True)
    became = models.CharField("état", max_length=12, choices=RequestState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+", null=True)
    note = models.TextField("précision", max_length=2000, blank=True)
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "étape d'une demande"
        verbose_name_plural = "étapes des demandes"
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["request", "at"], name="event_by_request")]

    def __str__(self) -> str:
        return f"{self.act} : {self.get_became_display()}"
