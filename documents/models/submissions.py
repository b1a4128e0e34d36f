"""Documents sent to a service for a procedure, and what it says of them (requirements S14, S54, S55)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from documents.domain.procedures import Procedure, procedures
from documents.enums import ReviewState, SubmissionState
from documents.models.documents import Document

_CLOSED = (SubmissionState.COMPLETE, SubmissionState.WITHDRAWN)
_OF_A_PIECE = [state for state in ReviewState.values if state != ReviewState.NONE]


class Submission(models.Model):
    """The pieces of one procedure of one agent. `subject` names the request it is for in the app that asked
    (« mobilite:12 »), empty when sent from « Mes documents ». `attempt` grows each time the agent completes it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="agent", related_name="submissions", editable=False
    )
    procedure = models.CharField("procédure", max_length=40, editable=False)
    subject = models.CharField("objet", max_length=80, blank=True, editable=False)
    message = models.TextField("message au service", max_length=2000, blank=True)
    state = models.CharField(
        "état", max_length=12, choices=SubmissionState.choices, default=SubmissionState.SENT, editable=False
    )
    attempt = models.PositiveSmallIntegerField("essai", default=1, editable=False)
    sent_at = models.DateTimeField("transmis le", default=timezone.now, editable=False)
    first_complete = models.BooleanField("complet au premier essai", null=True, editable=False)
    closed_at = models.DateTimeField("clos le", null=True, editable=False)

    class Meta:
        verbose_name = "envoi de pièces"
        verbose_name_plural = "envois de pièces"
        ordering = ["-sent_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("review_submission", "Peut vérifier les pièces transmises à son service"),
            ("view_completeness", "Peut lire la complétude des envois, sans nom"),
        ]
        indexes = [
            models.Index(fields=["owner", "-sent_at"], name="submission_owner"),
            models.Index(
                fields=["procedure", "sent_at"], name="submission_to_review", condition=Q(state=SubmissionState.SENT)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="submission_state", condition=Q(state__in=SubmissionState.values)),
            models.CheckConstraint(name="submission_attempt", condition=Q(attempt__gte=1)),
            models.CheckConstraint(
                name="submission_closed_follows_state",
                condition=Q(state__in=_CLOSED, closed_at__isnull=False)
                | ~Q(state__in=_CLOSED) & Q(closed_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["owner", "procedure", "subject"],
                name="submission_once_per_subject",
                condition=~Q(subject="") & ~Q(state=SubmissionState.WITHDRAWN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} du {timezone.localdate(self.sent_at):%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("documents:submission", kwargs={"public_id": self.public_id})

    @property
    def law(self) -> Procedure | None:
        """None for a procedure that is no more in the law file."""
        return procedures().get(self.procedure)

    @property
    def label(self) -> str:
        return self.law.label if self.law else self.procedure


class DocumentUse(models.Model):
    """A document that answers a piece of a submission. Taken back when another replaces it: the row stays, dated.

    `review` is what the service says of it here, whatever it said elsewhere. `eyes`: how many people must accept it, told
    when it is joined (`documents.domain.reviews`); a trigger holds it to the rows of Review.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="uses", verbose_name="envoi")
    document = models.ForeignKey(Document, models.PROTECT, related_name="uses", verbose_name="document")
    piece = models.CharField("pièce", max_length=40)
    attempt = models.PositiveSmallIntegerField("essai", default=1)
    joined_at = models.DateTimeField("joint le", default=timezone.now)
    replaced_at = models.DateTimeField("remplacé le", null=True)
    review = models.CharField("vérification", max_length=15, choices=ReviewState.choices, default=ReviewState.WAITING)
    eyes = models.PositiveSmallIntegerField("personnes qui doivent accepter", default=2)

    class Meta:
        verbose_name = "pièce jointe à une procédure"
        verbose_name_plural = "pièces jointes à une procédure"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "document", "piece"],
                name="use_once",
                condition=Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(name="use_review", condition=Q(review__in=_OF_A_PIECE)),
            models.CheckConstraint(name="use_eyes", condition=Q(eyes__in=(1, 2))),
        ]

    def __str__(self) -> str:
        return f"{self.piece} : {self.document}"


class Review(models.Model):
    """What one person of the service said of a document in a submission. Never changed after, by trigger: a decision is
    undone by the next one; `comment` alone goes with the document. Four eyes: two rows of two people. Nobody reviews their own (trigger)."""

    use = models.ForeignKey(DocumentUse, models.PROTECT, related_name="reviews", verbose_name="pièce")
    accepted = models.BooleanField("acceptée")
    reason = models.CharField("motif", max_length=30, blank=True)
    comment = models.CharField("précision", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+")
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "vérification"
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="review_refused_with_reason",
                condition=Q(accepted=True, reason="") | Q(accepted=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} : {'acceptée' if self.accepted else 'refusée'}"
