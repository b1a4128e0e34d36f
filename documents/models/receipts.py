"""Receipts of what a person sent: the proof of an act, which anyone may check by its code (norms D26, E26)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.enums import ReceiptKind


class Receipt(models.Model):
    """The proof of an act: what was received, when, by whom. `code` is what anyone may check; the page that checks it
    reveals the kind, the day and the digests, nothing else (E26).

    `payload` is what the PDF prints; `pdf` the bytes given, sealed, made at the first asking and kept for good, so that
    one changed byte shows. `subject` names what it is about (« demande:<uuid>:1 »): one receipt for each.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="agent", related_name="receipts")
    kind = models.CharField("nature", max_length=15, choices=ReceiptKind.choices)
    subject = models.CharField("objet", max_length=100, unique=True)
    code = models.CharField("code de vérification", max_length=24, unique=True)
    payload = models.JSONField("contenu")
    payload_digest = models.CharField("empreinte du contenu", max_length=64)
    pdf = models.BinaryField("PDF chiffré", null=True, editable=False)
    pdf_digest = models.CharField("empreinte du PDF", max_length=64, blank=True)
    issued_at = models.DateTimeField("délivré le")

    class Meta:
        verbose_name = "accusé de réception"
        verbose_name_plural = "accusés de réception"
        ordering = ["-issued_at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="receipt_kind", condition=Q(kind__in=ReceiptKind.values)),
            models.CheckConstraint(
                name="receipt_pdf_with_digest",
                condition=Q(pdf__isnull=True, pdf_digest="") | Q(pdf__isnull=False) & ~Q(pdf_digest=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"
