import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from career import enums
from career.models.agents import Agent


class CorrectionRequest(models.Model):
    """« Signaler une erreur »: a request of rectification on one fact (RGPD art. 16, norm D22), answered by staff.

    `fact_label` is the fact as the agent saw it when asking; `due_on` is one month after the request.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="correction_requests", verbose_name="agent")
    fact_kind = models.CharField("nature du fait", max_length=15, choices=enums.FactKind.choices)
    fact_ref = models.CharField("référence du fait", max_length=60, blank=True)
    fact_label = models.CharField("fait signalé", max_length=300)
    message = models.TextField("explication", max_length=2000)
    state = models.CharField(
        "état", max_length=10, choices=enums.CorrectionState.choices, default=enums.CorrectionState.OPEN
    )
    created_at = models.DateTimeField("déposée le", auto_now_add=True)
    due_on = models.DateField("réponse due le")
    answer = models.TextField("réponse", max_length=2000, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="répondue par", null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "demande de rectification"
        verbose_name_plural = "demandes de rectification"
        ordering = ["-created_at"]
        permissions = [("answer_correction", "Peut répondre à une demande de rectification")]
        constraints = [
            models.CheckConstraint(
                name="correction_answer_is_complete",
                condition=Q(state__in=["deposee", "en_cours"], answered_at__isnull=True)
                | Q(state__in=["acceptee", "refusee"], answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answer=""),
                violation_error_message="Une réponse porte un texte, une date et un auteur.",
            ),
            models.UniqueConstraint(
                fields=["agent", "fact_kind", "fact_ref"],
                condition=Q(state__in=["deposee", "en_cours"]),
                name="correction_one_open_per_fact",
                violation_error_message="Une demande est déjà en cours sur ce point.",
            ),
        ]

    def __str__(self) -> str:
        return self.fact_label
