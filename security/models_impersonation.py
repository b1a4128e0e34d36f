"""Staff who see the portal in the place of an agent: one row a time, kept as long as its traces."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q

from security.enums import ImpersonationEnd, ImpersonationMotive

LONGEST = dt.timedelta(minutes=15)


class Impersonation(models.Model):
    """One read-only visit of the portal of `subject` by `staff`. `ends_at` is its limit, which nothing moves; `ended_at`
    when it really ended, `pages` what was seen until then. The journal holds the same, line by line.
    """

    public_id = models.UUIDField("référence", default=uuid.uuid4, unique=True, editable=False)
    staff = models.ForeignKey("security.User", models.PROTECT, verbose_name="auteur", related_name="impersonations")
    subject = models.ForeignKey("security.User", models.PROTECT, verbose_name="agent", related_name="impersonated")
    motive = models.CharField("motif", max_length=12, choices=ImpersonationMotive.choices)
    reason = models.CharField("précision", max_length=200)
    began_at = models.DateTimeField("de", db_index=True)
    ends_at = models.DateTimeField("limite")
    ended_at = models.DateTimeField("à", null=True, blank=True)
    end_cause = models.CharField("fin", max_length=12, choices=ImpersonationEnd.choices, blank=True)
    pages = models.PositiveIntegerField("pages vues", default=0)

    class Meta:
        verbose_name = "consultation à la place d'un agent"
        verbose_name_plural = "consultations à la place d'un agent"
        ordering = ["-began_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("impersonate_user", "Peut voir le portail à la place d'un agent, en lecture seule")]
        constraints = [
            models.CheckConstraint(
                name="impersonation_of_somebody_else",
                condition=~Q(staff=F("subject")),
                violation_error_message="On ne consulte pas le portail à sa propre place.",
            ),
            models.CheckConstraint(
                name="impersonation_is_short",
                condition=Q(ends_at__gt=F("began_at"), ends_at__lte=F("began_at") + LONGEST),
                violation_error_message="Une consultation dure quinze minutes au plus.",
            ),
            models.CheckConstraint(
                name="impersonation_end_has_cause",
                condition=Q(ended_at__isnull=True, end_cause="")
                | Q(ended_at__isnull=False, ended_at__gte=F("began_at"), ended_at__lte=F("ends_at")) & ~Q(end_cause=""),
                violation_error_message="Une fin porte une date, dans la limite, et une cause.",
            ),
            models.CheckConstraint(
                name="impersonation_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Écrivez pourquoi.",
            ),
            models.UniqueConstraint(
                name="impersonation_one_at_a_time",
                fields=["staff"],
                condition=Q(ended_at__isnull=True),
                violation_error_message="Une consultation est déjà en cours.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} · {self.began_at:%d/%m/%Y %H:%M}"

    @property
    def until(self) -> dt.datetime:
        """When it ended, or will at the latest."""
        return self.ended_at or self.ends_at
