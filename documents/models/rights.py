"""What a person asks of their data, and the copy of everything held about them (requirement S90, norm D22)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from documents.enums_privacy import ExportState, PrivacyKind, PrivacyState
from documents.models.documents import Document

EXPORT_CONTEXT = "personal-export"  # of what is sealed
_PERSON = settings.AUTH_USER_MODEL
WAITING = (PrivacyState.OPEN, PrivacyState.EXTENDED)
ANSWERED = (PrivacyState.ACCEPTED, PrivacyState.PARTIAL, PrivacyState.REFUSED)
_ANSWER = Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")
_NO_ANSWER = Q(answered_at__isnull=True, answered_by__isnull=True, answer="", ground="")


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    def waiting(self) -> "PrivacyRequestQuerySet":
        return self.filter(state__in=WAITING)


class PrivacyRequest(models.Model):
    """`due_on` is the last day to answer, moved once when the delay is extended; `ground` a code of rights.yaml, of a
    refusal only. The documents are those whose early deletion is asked."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(_PERSON, models.PROTECT, verbose_name="agent", related_name="privacy_requests")
    kind = models.CharField("demande", max_length=15, choices=PrivacyKind.choices)
    message = models.TextField("explication", max_length=2000)
    documents = models.ManyToManyField(Document, verbose_name="documents", related_name="privacy_requests", blank=True)
    state = models.CharField("état", max_length=20, choices=PrivacyState.choices, default=PrivacyState.OPEN)
    received_at = models.DateTimeField("reçue le", default=timezone.now)
    due_on = models.DateField("réponse due le")
    extended_at = models.DateTimeField("prolongée le", null=True)
    extended_by = models.ForeignKey(_PERSON, models.PROTECT, verbose_name="prolongée par", related_name="+", null=True)
    extension_reason = models.CharField("motif de la prolongation", max_length=500, blank=True)
    answer = models.TextField("réponse", max_length=2000, blank=True)
    ground = models.CharField("fondement du refus", max_length=30, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True)
    answered_by = models.ForeignKey(_PERSON, models.PROTECT, verbose_name="répondue par", related_name="+", null=True)
    closed_at = models.DateTimeField("close le", null=True)

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande sur des données personnelles"
        verbose_name_plural = "demandes sur des données personnelles"
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("decide_privacyrequest", "Peut décider d'une demande sur des données personnelles"),
            ("read_privacy_audit", "Peut établir le rapport d'audit annuel"),
        ]
        indexes = [
            models.Index(fields=["owner", "-received_at"], name="privacy_request_owner"),
            models.Index(fields=["due_on"], name="privacy_request_due", condition=Q(state__in=WAITING)),
        ]
        constraints = [
            models.CheckConstraint(name="privacy_request_state", condition=Q(state__in=PrivacyState.values)),
            models.CheckConstraint(name="privacy_request_kind", condition=Q(kind__in=PrivacyKind.values)),
            models.CheckConstraint(
                name="privacy_request_answer_is_complete",
                condition=Q(state__in=ANSWERED) & _ANSWER | ~Q(state__in=ANSWERED) & _NO_ANSWER,
                violation_error_message="Une réponse porte un texte, une date et un auteur.",
            ),
            models.CheckConstraint(
                name="privacy_request_refused_on_a_ground",
                condition=Q(state=PrivacyState.REFUSED) & ~Q(ground="") | ~Q(state=PrivacyState.REFUSED) & Q(ground=""),
                violation_error_message="Un refus dit sur quel texte il se fonde.",
            ),
            models.CheckConstraint(
                name="privacy_request_closed_follows_state",
                condition=Q(state__in=WAITING, closed_at__isnull=True)
                | ~Q(state__in=WAITING) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="privacy_request_extended_whole",
                condition=Q(extended_at__isnull=True, extended_by__isnull=True, extension_reason="")
                & ~Q(state=PrivacyState.EXTENDED)
                | Q(extended_at__isnull=False, extended_by__isnull=False) & ~Q(extension_reason=""),
                violation_error_message="Une prolongation porte une date, un auteur et un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {timezone.localdate(self.received_at):%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("privacy:request_detail", kwargs={"public_id": self.public_id})

    @property
    def waiting(self) -> bool:
        return self.state in WAITING


class PersonalExport(models.Model):
    """A copy of everything held about a person: asked, made by a worker, offered seven days. `sealed` holds the data as
    JSON and PDF; the documents stay where they are and join the archive as it leaves, so that a copy never outlives
    a document that was destroyed. `done` of `total` sections: what the page shows while it is made."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(_PERSON, models.PROTECT, verbose_name="agent", related_name="personal_exports")
    state = models.CharField("état", max_length=10, choices=ExportState.choices, default=ExportState.ASKED)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    done = models.PositiveSmallIntegerField("parties faites", default=0)
    total = models.PositiveSmallIntegerField("parties", default=0)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    making_until = models.DateTimeField("préparation en cours jusqu'à", null=True)
    ready_at = models.DateTimeField("prêt le", null=True)
    expires_at = models.DateTimeField("effacé le", null=True)
    downloaded_at = models.DateTimeField("téléchargé le", null=True)
    sealed = models.BinaryField("contenu chiffré", null=True)

    class Meta:
        verbose_name = "copie des données d'un agent"
        verbose_name_plural = "copies des données des agents"
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="export_state", condition=Q(state__in=ExportState.values)),
            models.CheckConstraint(
                name="export_content_follows_state",
                condition=Q(
                    state=ExportState.READY, sealed__isnull=False, ready_at__isnull=False, expires_at__isnull=False
                )
                | ~Q(state=ExportState.READY) & Q(sealed__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["owner"],
                name="export_one_at_a_time",
                condition=Q(state__in=(ExportState.ASKED, ExportState.READY)),
            ),
        ]

    def __str__(self) -> str:
        return f"Copie demandée le {timezone.localdate(self.asked_at):%d/%m/%Y}"
