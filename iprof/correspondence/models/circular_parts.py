"""What hangs on a correspondence: its files, and who it is for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from iprof.correspondence.models.attachments import Attachment
from iprof.correspondence.models.circulars import Circular

FILES_MAX = 5


class CircularFile(models.Model):
    """A file joined to a correspondence."""

    circular = models.ForeignKey(Circular, models.PROTECT, verbose_name="correspondance", related_name="files")
    attachment = models.OneToOneField(Attachment, models.PROTECT, verbose_name="pièce jointe")
    position = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "pièce jointe à une correspondance"
        verbose_name_plural = "pièces jointes aux correspondances"
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="circular_file_position", fields=["circular", "position"], deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(name="circular_five_files", condition=Q(position__gte=1, position__lte=FILES_MAX)),
        ]

    def __str__(self) -> str:
        return str(self.attachment)


class CircularRecipient(models.Model):
    """Who a correspondence is for, as its dry run found them, and what they did of it. Theirs once it is released."""

    circular = models.ForeignKey(Circular, models.PROTECT, verbose_name="correspondance", related_name="recipients")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="destinataire", related_name="circulars_received"
    )
    read_at = models.DateTimeField("lue le", null=True)
    acted_at = models.DateTimeField("fait le", null=True)
    archived_at = models.DateTimeField("rangée le", null=True)

    class Meta:
        verbose_name = "destinataire d'une correspondance"
        verbose_name_plural = "destinataires des correspondances"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="circular_recipient_once", fields=["circular", "user"]),
            models.CheckConstraint(
                name="circular_acted_is_read", condition=Q(acted_at__isnull=True) | Q(read_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["circular"], name="circular_read", condition=Q(read_at__isnull=False)),
            models.Index(fields=["circular"], name="circular_acted", condition=Q(acted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.circular_id} · {self.user_id}"
