"""The academic CV: what the agent arranges, hides and adds. The facts of the file stay where the feed wrote them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from career.domain.cv import FACT_KINDS, LEVELS, SECTIONS, TEXT_MAX, TITLE_MAX
from career.enums import FactKind
from career.models.agents import Agent

OWN = [(section.code, section.title) for section in SECTIONS if section.own]
TEXT_ONLY = [section.code for section in SECTIONS if section.text_only]
LEVELLED = [section.code for section in SECTIONS if section.levelled]
KINDS = [choice for choice in FactKind.choices if choice[0] in FACT_KINDS]
MOMENT = r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?$"


class Cv(models.Model):
    """One per agent, made at the first change. `updated_at`: the last change, or « il est à jour »."""

    agent = models.OneToOneField(Agent, models.CASCADE, verbose_name="agent", related_name="cv")
    updated_at = models.DateTimeField("mis à jour le")

    class Meta:
        verbose_name = "CV académique"
        verbose_name_plural = "CV académiques"
        default_permissions = ()

    def __str__(self) -> str:
        return f"CV n° {self.pk}"


class CvSection(models.Model):
    """The place of a section in a CV, and whether another reader sees it."""

    cv = models.ForeignKey(Cv, models.CASCADE, verbose_name="CV", related_name="sections")
    code = models.CharField("rubrique", max_length=20, choices=[(s.code, s.title) for s in SECTIONS])
    position = models.PositiveSmallIntegerField("rang")
    visible = models.BooleanField("visible", default=True)

    class Meta:
        verbose_name = "rubrique de CV"
        verbose_name_plural = "rubriques de CV"
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["cv", "code"], name="cv_section_once"),
            models.UniqueConstraint(
                fields=["cv", "position"], name="cv_section_rank", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(code__in=[section.code for section in SECTIONS]),
                name="cv_section_known",
                violation_error_message="Cette rubrique n'existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()


class CvEntry(models.Model):
    """An entry of the agent's own. `starts` and `ends` are a month or a year (« 2012-09 », « 2012 »).

    `version` grows at each change: a form opened before cannot overwrite what it never showed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cv = models.ForeignKey(Cv, models.CASCADE, verbose_name="CV", related_name="entries")
    section = models.CharField("rubrique", max_length=20, choices=OWN)
    position = models.PositiveSmallIntegerField("rang")
    title = models.CharField("intitulé", max_length=TITLE_MAX, blank=True)
    text = models.TextField("texte", max_length=TEXT_MAX, blank=True)
    level = models.CharField("niveau", max_length=10, choices=list(LEVELS.items()), blank=True)
    starts = models.CharField("début", max_length=7, blank=True)
    ends = models.CharField("fin", max_length=7, blank=True)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    class Meta:
        verbose_name = "entrée de CV"
        verbose_name_plural = "entrées de CV"
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["cv", "section", "position"], name="cv_entry_rank", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(section__in=[code for code, _ in OWN]),
                name="cv_entry_section_own",
                violation_error_message="Cette rubrique n'existe pas.",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), TEXT_MAX),
                name="cv_entry_text_length",
                violation_error_message="Le texte est trop long.",
            ),
            models.CheckConstraint(
                condition=Q(section__in=TEXT_ONLY, title="") & ~Q(text="") | ~Q(section__in=TEXT_ONLY) & ~Q(title=""),
                name="cv_entry_is_named",
                violation_error_message="Une entrée porte un intitulé, la présentation un texte seul.",
            ),
            models.CheckConstraint(
                condition=Q(section__in=LEVELLED, level__in=list(LEVELS)) | ~Q(section__in=LEVELLED) & Q(level=""),
                name="cv_entry_level_of_language",
                violation_error_message="Une langue porte son niveau, et elle seule.",
            ),
            models.CheckConstraint(
                condition=(Q(starts="") | Q(starts__regex=MOMENT)) & (Q(ends="") | Q(ends__regex=MOMENT)),
                name="cv_entry_moments",
                violation_error_message="Une date est un mois ou une année.",
            ),
            models.CheckConstraint(
                condition=Q(ends="")
                | ~Q(starts="")
                & Q(GreaterThanOrEqual(Left("ends", 4), Left("starts", 4)))
                & (Q(ends__gte=F("starts")) | Q(LessThanOrEqual(Length("ends"), 4))),
                name="cv_entry_dates_in_order",
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_section_display()


class HiddenFact(models.Model):
    """A fact of the file its owner leaves out of the CV. The fact itself is untouched, and may come again under its ref."""

    cv = models.ForeignKey(Cv, models.CASCADE, verbose_name="CV", related_name="hidden_facts")
    kind = models.CharField("nature", max_length=15, choices=KINDS)
    ref = models.CharField("référence", max_length=60)

    class Meta:
        verbose_name = "élément masqué du CV"
        verbose_name_plural = "éléments masqués du CV"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["cv", "kind", "ref"], name="cv_hidden_once"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(FACT_KINDS)),
                name="cv_hidden_kind",
                violation_error_message="Cette nature d'élément n'est pas dans le CV.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
