"""« Signaler un message suspect »: what a user saw, in the words of the message, and what was made of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from iprof.correspondence.enums import ReportState


class SuspiciousReport(models.Model):
    """One message reported by one user. Who reported it is kept for the daily limit and the share of users who report;
    staff see the message, not the person. `group_key` gathers the reports of one campaign."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="signalé par", related_name="+")
    subject = models.CharField("objet du message", max_length=200, blank=True)
    sender = models.CharField("expéditeur affiché", max_length=200, blank=True)
    link = models.CharField("lien", max_length=2000, blank=True)
    attachment = models.CharField("pièce jointe", max_length=200, blank=True)
    text = models.TextField("passage du message", max_length=2000, blank=True)
    group_key = models.CharField("campagne", max_length=220, db_index=True)
    created_at = models.DateTimeField("signalé le", auto_now_add=True)
    state = models.CharField("suite", max_length=10, choices=ReportState.choices, default=ReportState.NEW)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="examiné par", related_name="+", null=True, blank=True
    )
    handled_at = models.DateTimeField("examiné le", null=True, blank=True)

    class Meta:
        verbose_name = "message suspect signalé"
        verbose_name_plural = "messages suspects signalés"
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("handle_suspiciousreport", "Peut examiner les messages suspects signalés")]
        indexes = [models.Index(fields=["user", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                name="report_says_something",
                condition=~Q(subject="", sender="", link="", text="", attachment=""),
                violation_error_message="Indiquez au moins un élément du message.",
            ),
            models.CheckConstraint(
                name="report_handled_follows_state",
                condition=Q(state=ReportState.NEW, handled_by__isnull=True, handled_at__isnull=True)
                | (~Q(state=ReportState.NEW) & Q(handled_by__isnull=False, handled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.sender or "Message signalé"
