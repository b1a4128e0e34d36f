"""Facts of a career, each written by one message of the feed and named by `ref` for its agent.

The row keeps the last message by `seq`: a late message never overwrites a newer one, and a rectification leaves the
row with `cancelled` set, so that the same messages in any order end in the same state (docs/adr/0005).
"""

from django.db import models
from django.db.models import F, Q

from career import enums
from career.models.agents import Agent


class FeedFact(models.Model):
    ref = models.CharField("référence", max_length=60)
    seq = models.BigIntegerField(editable=False)
    event_id = models.UUIDField(editable=False)
    recorded_at = models.DateTimeField("transmis le", editable=False)
    cancelled = models.BooleanField("annulé", default=False)

    class Meta:
        abstract = True


class CareerStep(FeedFact):
    """The agent's place on the grid from a date: corps, grade, échelon, chevron."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="steps")
    corps = models.CharField("corps", max_length=30)
    grade = models.CharField("grade", max_length=30)
    echelon = models.PositiveSmallIntegerField("échelon", null=True, blank=True)
    chevron = models.PositiveSmallIntegerField("chevron", null=True, blank=True)
    effective_on = models.DateField("date d'effet")
    kept_days = models.PositiveIntegerField("ancienneté conservée (jours)", default=0)
    mode = models.CharField("mode d'accès", max_length=20, choices=enums.StepMode.choices)
    arrete_ref = models.CharField("arrêté", max_length=60, blank=True)

    class Meta:
        verbose_name = "échelon"
        constraints = [
            models.UniqueConstraint(fields=["agent", "ref"], name="step_ref_once"),
            models.CheckConstraint(
                name="step_chevron_needs_echelon",
                condition=Q(chevron__isnull=True) | Q(echelon__isnull=False),
                violation_error_message="Un chevron suppose un échelon.",
            ),
        ]
        indexes = [models.Index(fields=["agent", "effective_on"], name="step_by_date")]

    def __str__(self) -> str:
        return f"{self.corps} {self.grade} {self.echelon or ''}".strip()


class Assignment(FeedFact):
    """A post held: establishment, nature, discipline, share of a full service."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="assignments")
    establishment = models.ForeignKey(
        "career.Establishment", models.PROTECT, verbose_name="établissement", null=True, blank=True
    )
    uai = models.CharField("UAI", max_length=8)
    nature = models.CharField("nature", max_length=20, choices=enums.AssignmentNature.choices)
    discipline_code = models.CharField("code discipline", max_length=10, blank=True)
    discipline = models.CharField("discipline", max_length=100, blank=True)
    quotity = models.DecimalField("quotité (%)", max_digits=5, decimal_places=2)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    class Meta:
        verbose_name = "affectation"
        constraints = [
            models.UniqueConstraint(fields=["agent", "ref"], name="assignment_ref_once"),
            models.CheckConstraint(
                name="assignment_dates_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de l'affectation précède son début.",
            ),
            models.CheckConstraint(
                name="assignment_quotity_range",
                condition=Q(quotity__gt=0, quotity__lte=100),
                violation_error_message="La quotité va de 0 (exclu) à 100.",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "starts_on"], name="assignment_by_date"),
            models.Index(fields=["uai"], name="assignment_by_uai"),
        ]

    def __str__(self) -> str:
        return f"{self.uai} ({self.get_nature_display()})"


class Evaluation(FeedFact):
    """A professional evaluation and its final appreciation.

    `report_notified_on` and `notified_on` are the days the agent was notified of the report and of the appreciation:
    the delays run from them. None: not sent.
    """

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="evaluations")
    kind = models.CharField("nature", max_length=20, choices=enums.EvaluationKind.choices)
    held_on = models.DateField("date")
    appreciation = models.CharField("appréciation", max_length=20, choices=enums.Appreciation.choices, blank=True)
    evaluator = models.CharField("évaluateur (fonction)", max_length=100, blank=True)
    report_notified_on = models.DateField("compte rendu notifié le", null=True, blank=True)
    notified_on = models.DateField("appréciation notifiée le", null=True, blank=True)

    class Meta:
        verbose_name = "évaluation"
        constraints = [
            models.UniqueConstraint(fields=["agent", "ref"], name="evaluation_ref_once"),
            models.CheckConstraint(
                name="evaluation_notified_after_held",
                condition=(Q(report_notified_on__isnull=True) | Q(report_notified_on__gte=F("held_on")))
                & (Q(notified_on__isnull=True) | Q(notified_on__gte=F("held_on"))),
                violation_error_message="Une évaluation est notifiée après avoir eu lieu.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Diploma(FeedFact):
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="diplomas")
    label = models.CharField("intitulé", max_length=200)
    level = models.PositiveSmallIntegerField("niveau (1 à 8)", null=True, blank=True)
    institution = models.CharField("établissement", max_length=200, blank=True)
    awarded_on = models.DateField("obtenu le")

    class Meta:
        verbose_name = "diplôme"
        constraints = [
            models.UniqueConstraint(fields=["agent", "ref"], name="diploma_ref_once"),
            models.CheckConstraint(
                name="diploma_level_range",
                condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=8),
                violation_error_message="Le niveau va de 1 à 8 (cadre national des certifications).",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Training(FeedFact):
    """A training followed: hours, competence of the référentiel, origin."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="trainings")
    label = models.CharField("intitulé", max_length=200)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    hours = models.DecimalField("heures", max_digits=6, decimal_places=2)
    competence = models.CharField("compétence", max_length=120, blank=True)
    origin = models.CharField("origine", max_length=20, choices=enums.TrainingOrigin.choices)
    certifying = models.BooleanField("certifiante", default=False)

    class Meta:
        verbose_name = "formation"
        constraints = [
            models.UniqueConstraint(fields=["agent", "ref"], name="training_ref_once"),
            models.CheckConstraint(
                name="training_dates_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la formation précède son début.",
            ),
            models.CheckConstraint(
                name="training_hours_positive",
                condition=Q(hours__gt=0),
                violation_error_message="La durée d'une formation est positive.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ServicePeriod(FeedFact):
    """The service of a school year validated by the head: hours due and done, overtime (HSA, HSE)."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="service_periods")
    school_year = models.PositiveSmallIntegerField("année scolaire (rentrée)")
    uai = models.CharField("UAI", max_length=8, blank=True)
    hours_due = models.DecimalField("heures dues par semaine", max_digits=5, decimal_places=2)
    hours_done = models.DecimalField("heures faites par semaine", max_digits=5, decimal_places=2)
    hsa = models.DecimalField("HSA", max_digits=5, decimal_places=2, default=0)
    hse = models.DecimalField("HSE", max_digits=6, decimal_places=2, default=0)
    validated_on = models.DateField("validé le")

    class Meta:
        verbose_name = "service validé"
        verbose_name_plural = "services validés"
        constraints = [models.UniqueConstraint(fields=["agent", "ref"], name="service_ref_once")]

    def __str__(self) -> str:
        return f"{self.school_year}-{self.school_year + 1}"


class Arrete(FeedFact):
    """An arrêté that concerns the agent; `ref` is its number."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="arretes")
    title = models.CharField("objet", max_length=200)
    signed_on = models.DateField("signé le")
    published_on = models.DateField("publié le")
    effective_on = models.DateField("prend effet le")

    class Meta:
        verbose_name = "arrêté"
        constraints = [
            models.UniqueConstraint(fields=["agent", "ref"], name="arrete_ref_once"),
            models.CheckConstraint(
                name="arrete_published_after_signed",
                condition=Q(published_on__gte=F("signed_on")),
                violation_error_message="Un arrêté est publié après sa signature.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} : {self.title}"
