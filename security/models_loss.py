"""A lost second factor: the request of its owner, and what two people decided of it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from security.enums import LossState

OPEN = (LossState.ASKED, LossState.CHECKED, LossState.APPROVED)


class FactorLoss(models.Model):
    """Asked by whoever gave the password and the code of the mailbox, but has neither the factor nor a recovery code.

    `check_made` holds codes of `security.services_staff.IDENTITY_CHECKS`; `told_at` is when both mailboxes were, and
    `due_at` when the factors of staff are removed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("security.User", models.CASCADE, verbose_name="compte", related_name="factor_losses")
    reason = models.CharField("ce qui s'est passé", max_length=300)
    state = models.CharField("état", max_length=10, choices=LossState.choices, default=LossState.ASKED)
    asked_at = models.DateTimeField("signalée le", default=timezone.now, editable=False)
    told_at = models.DateTimeField("boîtes prévenues le", null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        "security.User", models.PROTECT, verbose_name="identité vérifiée par", null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField("vérifiée le", null=True, blank=True)
    check_made = models.CharField("vérification", max_length=60, blank=True)
    note = models.CharField("précision", max_length=200, blank=True)
    approved_by = models.ForeignKey(
        "security.User", models.PROTECT, verbose_name="accordée par", null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField("effet le", null=True, blank=True, db_index=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "second facteur perdu"
        verbose_name_plural = "seconds facteurs perdus"
        ordering = ["-asked_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("decide_factorloss", "Peut vérifier une identité et faire retirer un second facteur perdu")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=OPEN),
                name="factorloss_open_once",
                violation_error_message="Une demande est déjà en cours.",
            ),
            models.CheckConstraint(
                name="factorloss_state_is_known",
                condition=Q(state__in=LossState.values),
                violation_error_message="Cet état n'existe pas.",
            ),
            models.CheckConstraint(
                name="factorloss_check_has_author",
                condition=Q(checked_by__isnull=True, checked_at__isnull=True, check_made="")
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(check_made=""),
                violation_error_message="Une vérification porte son auteur, sa date et sa manière.",
            ),
            models.CheckConstraint(
                name="factorloss_is_checked_first",
                condition=Q(state__in=[LossState.ASKED, LossState.REFUSED, LossState.CANCELLED])
                | Q(checked_by__isnull=False),
                violation_error_message="L'identité se vérifie d'abord.",
            ),
            models.CheckConstraint(
                name="factorloss_approved_has_author_and_day",
                condition=~Q(state=LossState.APPROVED) | Q(approved_by__isnull=False, due_at__isnull=False),
                violation_error_message="Un accord porte son auteur et son effet.",
            ),
            models.CheckConstraint(
                name="factorloss_never_decided_by_its_owner",
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("user")))
                & (Q(approved_by__isnull=True) | ~Q(approved_by=F("user"))),
                violation_error_message="Nul ne décide de sa propre demande.",
            ),
            models.CheckConstraint(
                name="factorloss_takes_two_people",
                condition=Q(approved_by__isnull=True) | Q(checked_by__isnull=False) & ~Q(approved_by=F("checked_by")),
                violation_error_message="Une autre personne que celle qui a vérifié donne l'accord.",
            ),
            models.CheckConstraint(
                name="factorloss_closed_has_day",
                condition=Q(state__in=OPEN, closed_at__isnull=True) | ~Q(state__in=OPEN) & Q(closed_at__isnull=False),
                violation_error_message="Une demande close porte sa date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_state_display()}"
