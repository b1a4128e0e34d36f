"""A document of an agent, from its receipt to its destruction (requirements S14, S86, S89)."""

import datetime as dt
import re
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from documents.domain.types import DocumentType, Sensitivity, document_type
from documents.domain.validity import Validity, validity
from documents.enums import CheckName, DocumentState, ReviewState, VerdictOutcome

_ALIVE = ~Q(state__in=(DocumentState.REFUSED, DocumentState.DESTROYED))


class DocumentQuerySet(models.QuerySet["Document"]):
    def kept(self) -> "DocumentQuerySet":
        return self.filter(state=DocumentState.KEPT)

    def alive(self) -> "DocumentQuerySet":
        """Whose content is held, whether the checks are over or not."""
        return self.filter(_ALIVE)


class Document(models.Model):
    """`kind` is a code of documents/legal/types.yaml, empty until its owner has told it. `size`, `sha256` and `pages`
    are those of the content kept, `received_sha256` and `received_size` those of what was sent, `received_files` files
    laid end to end: more than one when photographs were joined. `content_mark` is the same for two files whose pages
    show the same. `unneeded_at`: its owner has said that it may expire. The content is a `StoredFile`; it goes with the
    refusal or the destruction, this row stays and says so, emptied of what told what it was (`services.emptied`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="agent", related_name="documents", editable=False
    )
    kind = models.CharField("type", max_length=40, blank=True)
    title = models.CharField("titre", max_length=120, blank=True)
    dated_on = models.DateField("date du document", null=True, blank=True)
    ends_on = models.DateField("valable jusqu'au", null=True, blank=True)
    original_name = models.CharField("nom du fichier reçu", max_length=150, editable=False)
    state = models.CharField(
        "état", max_length=10, choices=DocumentState.choices, default=DocumentState.CHECKING, editable=False
    )
    review = models.CharField(
        "vérification", max_length=15, choices=ReviewState.choices, default=ReviewState.NONE, editable=False
    )
    pages = models.PositiveIntegerField("pages", default=0, editable=False)
    size = models.PositiveIntegerField("octets", editable=False)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, editable=False)
    received_size = models.PositiveIntegerField("octets reçus", editable=False)
    received_sha256 = models.CharField("empreinte du fichier reçu", max_length=64, editable=False)
    received_files = models.PositiveSmallIntegerField("fichiers reçus", default=1, editable=False)
    deposited_at = models.DateTimeField("reçu le", default=timezone.now, editable=False)
    examined_at = models.DateTimeField("contrôlé le", null=True, editable=False)
    examining_until = models.DateTimeField("contrôle en cours jusqu'à", null=True, editable=False)
    attempts = models.PositiveIntegerField("essais de contrôle", default=0, editable=False)
    destroyed_at = models.DateTimeField("détruit le", null=True, editable=False)
    content_mark = models.CharField("empreinte de ce qui se lit", max_length=64, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name="remplace",
        related_name="replaced_by",
        null=True,
        blank=True,
        editable=False,
    )
    unneeded_at = models.DateTimeField("dit inutile le", null=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        ordering = ["-deposited_at", "pk"]
        default_permissions = ("view",)
        permissions = [("read_document", "Peut lire un document transmis à son service")]
        indexes = [
            models.Index(fields=["owner", "-deposited_at"], name="document_owner"),
            models.Index(fields=["owner", "received_sha256"], name="document_duplicate"),
            models.Index(
                fields=["deposited_at"], name="document_to_examine", condition=Q(state=DocumentState.CHECKING)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="document_state", condition=Q(state__in=DocumentState.values)),
            models.CheckConstraint(name="document_review", condition=Q(review__in=ReviewState.values)),
            models.CheckConstraint(
                name="document_examined_follows_state",
                condition=~Q(state=DocumentState.KEPT) | Q(examined_at__isnull=False),
            ),
            models.CheckConstraint(
                name="document_destroyed_follows_state",
                condition=Q(state=DocumentState.DESTROYED, destroyed_at__isnull=False)
                | ~Q(state=DocumentState.DESTROYED) & Q(destroyed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="document_reviewed_once_kept",
                condition=Q(review=ReviewState.NONE)
                | Q(state__in=(DocumentState.KEPT, DocumentState.DESTROYED)) & ~Q(kind=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.original_name or "Document détruit"

    def get_absolute_url(self) -> str:
        return reverse("documents:detail", kwargs={"pk": self.pk})

    @property
    def type(self) -> DocumentType | None:
        """None until its owner has told what it is."""
        return document_type(self.kind)

    @property
    def medical(self) -> bool:
        return self.type is not None and self.type.sensitivity is Sensitivity.MEDICAL

    @property
    def damaged(self) -> bool:
        """Its content is lost or damaged; one query unless `stored` came with it."""
        stored = getattr(self, "stored", None)
        return stored is not None and stored.damaged_at is not None

    @property
    def file_name(self) -> str:
        """The name it is downloaded under."""
        return re.sub(r"\.(pdf|jpe?g|png|webp)$", "", str(self), flags=re.IGNORECASE) + ".pdf"

    def validity_on(self, deposit: dt.date) -> Validity | None:
        """None until its owner has told what it is."""
        kind = self.type
        if kind is None:
            return None
        return validity(kind, dated_on=self.dated_on, ends_on=self.ends_on, deposit=deposit)


class StoredFile(models.Model):
    """The encrypted content of a document: where it lies, under which key. Whoever has the storage has no key;
    whoever has this table has no content; the key itself is sealed under the portal's master key."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="stored", verbose_name="document")
    name = models.CharField("nom dans le stockage", max_length=80, unique=True)
    sealed_key = models.BinaryField("clé scellée")
    stored_size = models.PositiveIntegerField("octets stockés")
    stored_sha256 = models.CharField("empreinte du contenu chiffré", max_length=64)
    written_at = models.DateTimeField("écrit le", default=timezone.now)
    verified_at = models.DateTimeField("intégrité vérifiée le", null=True)
    damaged_at = models.DateTimeField("trouvé abîmé le", null=True)

    class Meta:
        verbose_name = "contenu chiffré"
        verbose_name_plural = "contenus chiffrés"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class DocumentVerdict(models.Model):
    """One check's answer on a document; the last one holds."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="verdicts", verbose_name="document")
    check_name = models.CharField("contrôle", max_length=15, choices=CheckName.choices)
    outcome = models.CharField("verdict", max_length=10, choices=VerdictOutcome.choices)
    word = models.CharField("motif", max_length=30, blank=True)
    figures = models.JSONField("mesures", default=dict)
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "verdict"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document", "check_name"], name="verdict_once_per_check"),
            models.CheckConstraint(name="verdict_outcome", condition=Q(outcome__in=VerdictOutcome.values)),
            models.CheckConstraint(name="verdict_check", condition=Q(check_name__in=CheckName.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_check_name_display()} : {self.get_outcome_display()}"
