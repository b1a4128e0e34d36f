"""What an agent says of a barème displayed (K4) or asks after the closing, and what a named person answers (D28)."""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mobility.domain.versions import short
from mobility.enums import AskState, Ground
from mobility.models.archive import BaremeVersion
from mobility.models.requests import MobilityRequest

_OPEN = Q(state=AskState.OPEN)
_ANSWERED = Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(answer="")


class Ask(models.Model):
    """What contests and late changes share. Once answered it never changes (trigger); nobody answers their own (idem)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("état", max_length=10, choices=AskState.choices, default=AskState.OPEN, editable=False)
    reason = models.TextField("explication de l'agent", max_length=2000)
    sent_at = models.DateTimeField("envoyée le", editable=False)
    answer = models.TextField("motif de la réponse", max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="répondue par",
        related_name="+",
        null=True,
        editable=False,
    )
    decided_at = models.DateTimeField("répondue le", null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def answered(self) -> bool:
        return self.state != AskState.OPEN


class Contest(Ask):
    """One line of one vœu of one version. `shown` None: the line is not there; `expected` None: the agent does not say;
    `granted`: the points a person retained. `outcome` is the version the answer made."""

    request = models.ForeignKey(MobilityRequest, models.PROTECT, verbose_name="demande", related_name="contests")
    version = models.ForeignKey(
        BaremeVersion, models.PROTECT, verbose_name="version contestée", related_name="contests", editable=False
    )
    place = models.CharField("vœu", max_length=60)
    item = models.CharField("ligne", max_length=60)
    label = models.CharField("intitulé de la ligne", max_length=200)
    ground = models.CharField("objet", max_length=10, choices=Ground.choices)
    shown = models.DecimalField("points affichés", max_digits=8, decimal_places=2, null=True)
    expected = models.DecimalField("points attendus", max_digits=8, decimal_places=2, null=True)
    granted = models.DecimalField("points retenus", max_digits=8, decimal_places=2, null=True, editable=False)
    outcome = models.ForeignKey(
        BaremeVersion, models.PROTECT, verbose_name="version faite", related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = "contestation de barème"
        verbose_name_plural = "contestations de barème"
        ordering = ["-sent_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("answer_contest", "Peut répondre à une contestation de barème")]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "place", "item"],
                name="contest_one_open_per_line",
                condition=_OPEN,
                violation_error_message="Une contestation est déjà en cours sur cette ligne.",
            ),
            models.CheckConstraint(name="contest_state", condition=Q(state__in=AskState.values)),
            models.CheckConstraint(name="contest_ground", condition=Q(ground__in=Ground.values)),
            models.CheckConstraint(name="contest_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="contest_points_of_a_line",
                condition=Q(expected__isnull=True) | Q(expected__gte=Decimal(0)),
                violation_error_message="Des points attendus ne sont pas négatifs.",
            ),
            models.CheckConstraint(
                name="contest_answer_is_complete",
                condition=_OPEN & Q(decided_at__isnull=True, decided_by__isnull=True, answer="", outcome__isnull=True)
                | Q(state=AskState.ACCEPTED, outcome__isnull=False, granted__isnull=False) & _ANSWERED
                | Q(state=AskState.REFUSED, outcome__isnull=True, granted__isnull=True) & _ANSWERED,
                violation_error_message="Une réponse porte un motif, une date et un auteur ; acceptée, une version du barème.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, vœu {self.place}"

    def get_absolute_url(self) -> str:
        return reverse("mobility:contest_detail", kwargs={"public_id": self.public_id})

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> "Contest":
        """Points as they were typed, without the zeros of the column."""
        row = super().from_db(*args, **kwargs)
        for name in ("shown", "expected", "granted"):
            if (points := row.__dict__.get(name)) is not None:
                setattr(row, name, short(points))
        return row


class LateChange(Ask):
    """A change asked after the closing for a listed event (`mobility/legal/late_events.yaml`). `voeux` is the whole list
    asked, in order; `claims` the fields of `Claims` that change. `outcome` is the version its acceptance made."""

    request = models.ForeignKey(MobilityRequest, models.PROTECT, verbose_name="demande", related_name="late_changes")
    event = models.CharField("motif", max_length=40)
    happened_on = models.DateField("survenu le")
    voeux = models.JSONField("vœux demandés", default=list)
    claims = models.JSONField("ce qui change", default=dict, blank=True)
    outcome = models.ForeignKey(
        BaremeVersion, models.PROTECT, verbose_name="version faite", related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = "modification tardive"
        verbose_name_plural = "modifications tardives"
        ordering = ["-sent_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("answer_late_change", "Peut répondre à une modification tardive")]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                name="late_one_open",
                condition=_OPEN,
                violation_error_message="Une modification tardive est déjà en cours d'examen.",
            ),
            models.CheckConstraint(name="late_state", condition=Q(state__in=AskState.values)),
            models.CheckConstraint(name="late_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="late_answer_is_complete",
                condition=_OPEN & Q(decided_at__isnull=True, decided_by__isnull=True, answer="", outcome__isnull=True)
                | Q(state=AskState.ACCEPTED, outcome__isnull=False) & _ANSWERED
                | Q(state=AskState.REFUSED, outcome__isnull=True) & _ANSWERED,
                violation_error_message="Une réponse porte un motif, une date et un auteur ; acceptée, une version du barème.",
            ),
        ]

    def __str__(self) -> str:
        return f"Modification tardive de {self.request}"

    def get_absolute_url(self) -> str:
        return reverse("mobility:late_detail", kwargs={"public_id": self.public_id})


class BaremePrint(models.Model):
    """The PDF of a version, sealed, made once by a task and kept for good (K5). Never changed (trigger)."""

    version = models.OneToOneField(BaremeVersion, models.PROTECT, verbose_name="version", related_name="print")
    pdf = models.BinaryField("PDF chiffré", editable=False)
    pdf_digest = models.CharField("empreinte du PDF", max_length=64)
    made_at = models.DateTimeField("fait le", auto_now_add=True)

    class Meta:
        verbose_name = "PDF d'un barème"
        verbose_name_plural = "PDF des barèmes"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.version}"
