import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from career import enums
from career.models.agents import Agent

OPEN = Q(state__in=["deposee", "en_cours"])
EARLY = Q(kind="anticipe")


class AppraisalRequest(models.Model):
    """What an agent asks about a rendez-vous de carrière: an early one, observations on a report, a revision.

    `evaluation_ref` and `notified_on` name the appraisal and the day the delay runs from; `notified_declared`: that day
    is the agent's word, the SIAE sent none. `due_on` is the last day of the authority, for a revision alone: no text
    sets one for the others. A person signs each answer (norm D28).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="appraisal_requests", verbose_name="agent")
    kind = models.CharField("nature", max_length=15, choices=enums.AppraisalAsk.choices)
    evaluation_ref = models.CharField("référence de l'évaluation", max_length=60, blank=True)
    subject = models.CharField("objet", max_length=200)
    notified_on = models.DateField("notifié le", null=True, blank=True)
    notified_declared = models.BooleanField("date déclarée par l'agent", default=False)
    message = models.TextField("texte de l'agent", max_length=2000)
    state = models.CharField(
        "état", max_length=10, choices=enums.CorrectionState.choices, default=enums.CorrectionState.OPEN
    )
    created_at = models.DateTimeField("déposée le", auto_now_add=True)
    due_on = models.DateField("réponse due le", null=True, blank=True)
    answer = models.TextField("réponse", max_length=2000, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="répondue par", null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "demande sur un rendez-vous de carrière"
        verbose_name_plural = "demandes sur les rendez-vous de carrière"
        ordering = ["-created_at", "-pk"]
        permissions = [("answer_appraisal", "Peut répondre à une demande sur un rendez-vous de carrière")]
        constraints = [
            models.CheckConstraint(
                name="appraisal_answer_is_complete",
                condition=OPEN & Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(state__in=["acceptee", "refusee"], answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answer=""),
                violation_error_message="Une réponse porte un texte, une date et un auteur.",
            ),
            models.CheckConstraint(
                name="appraisal_early_or_about_one",
                condition=EARLY & Q(evaluation_ref="", notified_on__isnull=True, notified_declared=False)
                | ~EARLY & ~Q(evaluation_ref="") & Q(notified_on__isnull=False),
                violation_error_message="Des observations et une révision portent sur une évaluation notifiée.",
            ),
            models.CheckConstraint(
                name="appraisal_only_a_revision_is_due",
                condition=Q(kind="revision", due_on__isnull=False) | ~Q(kind="revision") & Q(due_on__isnull=True),
                violation_error_message="Seule une demande de révision porte une échéance de réponse.",
            ),
            models.UniqueConstraint(
                fields=["agent"],
                condition=EARLY & OPEN,
                name="appraisal_one_early_open",
                violation_error_message="Une demande de rendez-vous anticipé est déjà en cours.",
            ),
            models.UniqueConstraint(
                fields=["agent", "kind", "evaluation_ref"],
                condition=~EARLY,
                name="appraisal_asked_once",
                violation_error_message="Cette demande a déjà été déposée pour ce rendez-vous.",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
