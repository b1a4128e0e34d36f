"""A campaign of mobility: its dates, each move of them with its reason, the rules it applies (requirements S50, K2)."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mobility.enums import CampaignDate, Degree, Phase
from mobility.models.moves import DateMove

DATES = tuple(CampaignDate.values)


class Campaign(models.Model):
    """`session` is the year of the rentrée, `rules_session` that of the rules applied (they differ when the text of the
    year is not published: the rules carried over are not official). `voeux_max` None: not published. A date changes by a
    CampaignMove only. `embargo_until`: no result is read before, whoever asks."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    degree = models.CharField("degré", max_length=2, choices=Degree.choices)
    phase = models.CharField("phase", max_length=5, choices=Phase.choices, default=Phase.INTER)
    session = models.PositiveSmallIntegerField("session (année de la rentrée)")
    rules_session = models.PositiveSmallIntegerField("règles appliquées (session)")
    title = models.CharField("intitulé", max_length=150)
    source = models.CharField("texte d'où viennent les dates", max_length=300)
    opens_at = models.DateTimeField("ouverture de la saisie")
    closes_at = models.DateTimeField("clôture de la saisie")
    pieces_until = models.DateTimeField("dernier moment pour les pièces")
    bareme_shown_at = models.DateTimeField("affichage des barèmes", null=True, blank=True)
    contest_until = models.DateTimeField("dernier moment pour contester", null=True, blank=True)
    late_until = models.DateTimeField("dernier moment pour une demande tardive", null=True, blank=True)
    results_at = models.DateTimeField("résultats", null=True, blank=True)
    voeux_max = models.PositiveSmallIntegerField("nombre de vœux au plus", null=True, blank=True)
    deadline = models.ForeignKey(
        "correspondence.Deadline", models.PROTECT, verbose_name="échéance annoncée", null=True, editable=False,
        related_name="+",
    )  # fmt: skip
    moves = models.PositiveSmallIntegerField("changements de date", default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="créée par", related_name="+", editable=False
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "campagne de mobilité"
        verbose_name_plural = "campagnes de mobilité"
        ordering = ["-session", "degree", "phase"]
        default_permissions = ("add", "view")
        permissions = [("move_campaign", "Peut changer les dates d'une campagne de mobilité")]
        constraints = [
            models.UniqueConstraint(fields=["degree", "phase", "session"], name="campaign_once"),
            models.CheckConstraint(name="campaign_degree", condition=Q(degree__in=Degree.values)),
            models.CheckConstraint(name="campaign_phase", condition=Q(phase__in=Phase.values)),
            models.CheckConstraint(
                name="campaign_closes_after_opening",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message="La clôture vient après l'ouverture.",
            ),
            models.CheckConstraint(
                name="campaign_pieces_after_closing",
                condition=Q(pieces_until__gte=F("closes_at")),
                violation_error_message="Les pièces sont reçues au moins jusqu'à la clôture.",
            ),
            models.CheckConstraint(
                name="campaign_contest_after_display",
                condition=Q(contest_until__isnull=True) | Q(bareme_shown_at__isnull=False, contest_until__gt=F("bareme_shown_at")),
                violation_error_message="La contestation suit l'affichage des barèmes.",
            ),
            models.CheckConstraint(
                name="campaign_results_after_closing",
                condition=Q(results_at__isnull=True) | Q(results_at__gt=F("closes_at")),
                violation_error_message="Les résultats viennent après la clôture.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def official(self) -> bool:
        """False when the rules of another session are carried over."""
        return self.rules_session == self.session

    def is_open(self, at: dt.datetime) -> bool:
        """The closing second is out: a request confirmed at 12:00:00 for a closing at 12:00:00 is late."""
        return self.opens_at <= at < self.closes_at

    def takes_pieces(self, at: dt.datetime) -> bool:
        return self.opens_at <= at < self.pieces_until

    def takes_contests(self, at: dt.datetime) -> bool:
        return self.bareme_shown_at is not None and self.contest_until is not None and (
            self.bareme_shown_at <= at < self.contest_until
        )  # fmt: skip

    def takes_late(self, at: dt.datetime) -> bool:
        return self.late_until is not None and self.closes_at <= at < self.late_until


class CampaignMove(DateMove):
    """One change of one date: who, why, from what, to what. Written once, for good (K2)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="campagne", related_name="history")
    date = models.CharField("date changée", max_length=20, choices=CampaignDate.choices)

    class Meta:
        verbose_name = "changement de date d'une campagne"
        verbose_name_plural = "changements de date des campagnes"
        ordering = ["campaign", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="campaign_move_once", fields=["campaign", "number"]),
            models.CheckConstraint(name="campaign_move_date", condition=Q(date__in=DATES)),
            models.CheckConstraint(name="campaign_move_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.get_date_display()}"
