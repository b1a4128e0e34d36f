"""Specific schemes: openings by year with each move of their dates, and the guides the DSDEN writes (S58, S59, K2)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mobility.enums_schemes import SchemeDate
from mobility.models.moves import DateMove


class SchemeCampaign(models.Model):
    """One scheme open for one rentrée. `scheme` is a code of mobility/legal/schemes. A date changes by a
    SchemeCampaignMove only (trigger)."""

    scheme = models.CharField("dispositif", max_length=40)
    year = models.PositiveSmallIntegerField("année de la rentrée")
    source = models.CharField("texte d'où viennent les dates", max_length=300)
    opens_at = models.DateTimeField("ouverture des candidatures")
    closes_at = models.DateTimeField("clôture des candidatures")
    opinions_until = models.DateTimeField("dernier moment pour les avis", null=True, blank=True)
    results_at = models.DateTimeField("résultats", null=True, blank=True)
    moves = models.PositiveSmallIntegerField("changements de date", default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="ouverte par", related_name="+", editable=False
    )
    created_at = models.DateTimeField("ouverte le", auto_now_add=True)

    class Meta:
        verbose_name = "ouverture d'un dispositif"
        verbose_name_plural = "ouvertures des dispositifs"
        ordering = ["-year", "scheme"]
        default_permissions = ("add", "view")
        permissions = [("move_schemecampaign", "Peut changer les dates d'un dispositif")]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "year"],
                name="scheme_campaign_once",
                violation_error_message="Ce dispositif est déjà ouvert pour cette rentrée : changez ses dates.",
            ),
            models.CheckConstraint(
                name="scheme_closes_after_opening",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message="La clôture vient après l'ouverture.",
            ),
            models.CheckConstraint(
                name="scheme_opinions_after_opening",
                condition=Q(opinions_until__isnull=True) | Q(opinions_until__gt=F("opens_at")),
                violation_error_message="Les avis suivent l'ouverture.",
            ),
            models.CheckConstraint(
                name="scheme_results_after_closing",
                condition=Q(results_at__isnull=True) | Q(results_at__gt=F("closes_at")),
                violation_error_message="Les résultats viennent après la clôture.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year}"

    def is_open(self, at: dt.datetime) -> bool:
        """The closing second is out."""
        return self.opens_at <= at < self.closes_at


class SchemeCampaignMove(DateMove):
    """One change of one date: who, why, from what, to what. Written once, for good (K2)."""

    campaign = models.ForeignKey(SchemeCampaign, models.PROTECT, verbose_name="ouverture", related_name="history")
    date = models.CharField("date changée", max_length=20, choices=SchemeDate.choices)

    class Meta:
        verbose_name = "changement de date d'un dispositif"
        verbose_name_plural = "changements de date des dispositifs"
        ordering = ["campaign", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="scheme_move_once", fields=["campaign", "number"]),
            models.CheckConstraint(name="scheme_move_date", condition=Q(date__in=SchemeDate.values)),
            models.CheckConstraint(name="scheme_move_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.get_date_display()}"


class SchemeGuide(models.Model):
    """A version of the step-by-step guide of a scheme, by a DSDEN (`departement`) or for the whole académie (empty).

    Written once (trigger): what an agent read on a day can be told.
    """

    scheme = models.CharField("dispositif", max_length=40)
    departement = models.CharField("département", max_length=3, blank=True)
    number = models.PositiveSmallIntegerField("version", editable=False)
    text = models.TextField("guide", max_length=8000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="écrit par", related_name="+", editable=False
    )
    written_at = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "guide d'un dispositif"
        verbose_name_plural = "guides des dispositifs"
        ordering = ["scheme", "departement", "-number"]
        default_permissions = ("add", "view")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "departement", "number"], name="scheme_guide_version"),
            models.CheckConstraint(name="scheme_guide_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} · version {self.number}"
