"""What suspends a destruction, what announces it, what proves it (requirement S89, norm D24)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from documents.enums_privacy import DestructionCause
from documents.models.documents import Document

_PERSON = settings.AUTH_USER_MODEL


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self) -> "HoldQuerySet":
        return self.filter(lifted_at__isnull=True)


class Hold(models.Model):
    """« Suspension » : the documents of a person, or one of them, are destroyed by nobody until it is lifted."""

    owner = models.ForeignKey(
        _PERSON, models.PROTECT, verbose_name="agent", related_name="document_holds", null=True, blank=True
    )
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="document", related_name="holds", null=True, blank=True
    )
    reason = models.CharField("motif", max_length=500)
    placed_by = models.ForeignKey(_PERSON, models.PROTECT, verbose_name="posée par", related_name="+")
    placed_at = models.DateTimeField("posée le", default=timezone.now)
    lift_reason = models.CharField("motif de la levée", max_length=500, blank=True)
    lifted_by = models.ForeignKey(_PERSON, models.PROTECT, verbose_name="levée par", related_name="+", null=True)
    lifted_at = models.DateTimeField("levée le", null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = "suspension de destruction"
        verbose_name_plural = "suspensions de destruction"
        ordering = ["-placed_at", "-pk"]
        default_permissions = ("view", "add")
        permissions = [("lift_hold", "Peut lever une suspension de destruction")]
        constraints = [
            models.CheckConstraint(
                name="hold_of_person_or_document",
                condition=Q(owner__isnull=False, document__isnull=True) | Q(owner__isnull=True, document__isnull=False),
                violation_error_message="Une suspension porte sur un agent ou sur un document.",
            ),
            models.CheckConstraint(
                name="hold_says_why", condition=~Q(reason=""), violation_error_message="Une suspension dit son motif."
            ),
            models.CheckConstraint(
                name="hold_lifted_whole",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason=""),
                violation_error_message="Une levée porte une date, un auteur et un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"Suspension du {timezone.localdate(self.placed_at):%d/%m/%Y}"


class RetentionNotice(models.Model):
    """The owner was told that a document is kept until a day. Another use moves the day: another notice then.
    `told`: False when the account was closed, the term runs and nobody was told."""

    document = models.ForeignKey(Document, models.CASCADE, verbose_name="document", related_name="notices")
    kept_until = models.DateField("conservé jusqu'au")
    warned_on = models.DateField("annoncé le")
    told = models.BooleanField("reçu par quelqu'un", default=True)

    class Meta:
        verbose_name = "avis de destruction"
        verbose_name_plural = "avis de destruction"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["document", "kept_until"], name="notice_once_per_end")]

    def __str__(self) -> str:
        return f"Conservé jusqu'au {self.kept_until:%d/%m/%Y}"


class DestructionCertificate(models.Model):
    """What was destroyed together, under which rule, by whom. Never changed, never deleted: the database refuses. Its
    `digest` is written in the access journal, whose chain is sealed: a certificate rewritten behind the database's back
    no longer agrees with it (`services.certificates.is_true`). No name: `lines` hold identifiers and digests only."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField("établi le", default=timezone.now)
    cause = models.CharField("cause", max_length=25, choices=DestructionCause.choices)
    rule = models.CharField("règle", max_length=60)
    version = models.CharField("version de la règle", max_length=10)
    ran_by = models.ForeignKey(_PERSON, models.PROTECT, verbose_name="décidé par", related_name="+", null=True)
    counts = models.JSONField("documents par type")
    lines = models.JSONField("documents")
    digest = models.CharField("empreinte", max_length=64, unique=True)

    class Meta:
        verbose_name = "certificat de destruction"
        verbose_name_plural = "certificats de destruction"
        ordering = ["-made_at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="certificate_cause", condition=Q(cause__in=DestructionCause.values)),
        ]

    def __str__(self) -> str:
        return f"Certificat {self.pk} du {timezone.localdate(self.made_at):%d/%m/%Y}"

    @property
    def total(self) -> int:
        return sum(self.counts.values())
