"""Files joined to what is written on the portal. Kept sealed, in the same transaction as what they are joined to."""

import uuid

from django.conf import settings
from django.db import models


class Attachment(models.Model):
    """One PDF. `sealed` is AES-GCM ciphertext under the context of the row (iprof.correspondence.files)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("nom", max_length=150)
    size = models.PositiveIntegerField("taille (octets)")
    pages = models.PositiveIntegerField("pages")
    sha256 = models.CharField("empreinte", max_length=64, editable=False)
    sealed = models.BinaryField(editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="ajouté par", related_name="+")
    added_at = models.DateTimeField("ajouté le", auto_now_add=True)

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
