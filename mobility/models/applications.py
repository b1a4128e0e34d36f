"""An application to a specific scheme: answers, pieces, opinions, each step of its life (requirements S58, S81)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mobility.enums_schemes import AdviserRole, SchemeApplicationState
from mobility.models.schemes import SchemeCampaign


class SchemeApplication(models.Model):
    """One per agent and opening. `answers` maps the fields of the scheme to text, as typed and checked. `revision` grows
    at each write (a form sent from an older one is told); `sending` at each sending."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="agent", related_name="scheme_applications", editable=False
    )  # fmt: skip
    campaign = models.ForeignKey(
        SchemeCampaign, models.PROTECT, verbose_name="ouverture", related_name="applications", editable=False
    )
    state = models.CharField(
        "état", max_length=12, choices=SchemeApplicationState.choices, default=SchemeApplicationState.DRAFT, editable=False
    )  # fmt: skip
    answers = models.JSONField("réponses", default=dict, blank=True, editable=False)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    sending = models.PositiveSmallIntegerField("envoi", default=0, editable=False)
    created_at = models.DateTimeField("commencée le", auto_now_add=True)
    changed_at = models.DateTimeField("modifiée le", auto_now=True)
    sent_at = models.DateTimeField("envoyée le", null=True, editable=False)

    class Meta:
        verbose_name = "candidature à un dispositif"
        verbose_name_plural = "candidatures aux dispositifs"
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("advise_application", "Peut donner un avis sur une candidature"),
            ("decide_application", "Peut transmettre une candidature et en décider"),
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="scheme_application_queue")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "campaign"], name="scheme_application_once"),
            models.CheckConstraint(
                name="scheme_application_state", condition=Q(state__in=SchemeApplicationState.values)
            ),
            models.CheckConstraint(
                name="scheme_sent_with_its_day",
                condition=Q(state__in=(SchemeApplicationState.DRAFT, SchemeApplicationState.WITHDRAWN))
                | Q(sent_at__isnull=False, sending__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("mobility:scheme_application", kwargs={"public_id": self.public_id})


class SchemePiece(models.Model):
    """A document chosen for a piece. `document` is the identifier of documents.Document, whose app owns it."""

    application = models.ForeignKey(
        SchemeApplication, models.CASCADE, verbose_name="candidature", related_name="chosen_pieces"
    )
    piece = models.CharField("pièce", max_length=40)
    document = models.UUIDField("document")

    class Meta:
        verbose_name = "pièce d'une candidature"
        verbose_name_plural = "pièces des candidatures"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["application", "piece", "document"], name="scheme_piece_once")]

    def __str__(self) -> str:
        return self.piece


class SchemeOpinion(models.Model):
    """The opinion of a head or of the office on one sending, with its reason. Written once, never by oneself (triggers)."""

    application = models.ForeignKey(
        SchemeApplication, models.PROTECT, verbose_name="candidature", related_name="opinions"
    )
    sending = models.PositiveSmallIntegerField("envoi")
    role = models.CharField("au titre de", max_length=12, choices=AdviserRole.choices)
    favourable = models.BooleanField("favorable")
    reason = models.TextField("motif", max_length=2000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="donné par", related_name="+")
    given_at = models.DateTimeField("donné le")

    class Meta:
        verbose_name = "avis sur une candidature"
        verbose_name_plural = "avis sur les candidatures"
        ordering = ["given_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["application", "sending", "role"], name="scheme_opinion_once"),
            models.CheckConstraint(name="scheme_opinion_role", condition=Q(role__in=AdviserRole.values)),
            models.CheckConstraint(name="scheme_opinion_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return "Favorable" if self.favourable else "Défavorable"


class SchemeEvent(models.Model):
    """A step of an application: who did what, when, why. A decision names its author (D28). Written once (trigger)."""

    application = models.ForeignKey(
        SchemeApplication, models.PROTECT, verbose_name="candidature", related_name="events"
    )
    act = models.CharField("acte", max_length=20)
    was = models.CharField("état d'avant", max_length=12, choices=SchemeApplicationState.choices)
    became = models.CharField("état", max_length=12, choices=SchemeApplicationState.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+")
    note = models.TextField("précision", max_length=2000, blank=True)
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "étape d'une candidature"
        verbose_name_plural = "étapes des candidatures"
        ordering = ["at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="scheme_decision_says_why",
                condition=~Q(became__in=(SchemeApplicationState.ACCEPTED, SchemeApplicationState.REFUSED)) | ~Q(note=""),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.act} : {self.get_became_display()}"
