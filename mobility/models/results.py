"""Results of a campaign: imported by one person, released by another once the embargo is over (K3, norm D17)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mobility.enums import BatchState, Outcome
from mobility.models.campaigns import Campaign
from mobility.models.requests import MobilityRequest

_WITH_PLACE = (Outcome.OBTAINED, Outcome.EXTENSION, Outcome.SPECIFIC)


class ResultBatch(models.Model):
    """One file. Its rows are frozen when it is read; a trigger holds its states in order, the two persons apart and the
    release after the date of the results. `mailing` is what was sent at the release, called back with it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="campagne", related_name="batches")
    state = models.CharField("état", max_length=8, choices=BatchState.choices, default=BatchState.IMPORTED)
    rows = models.PositiveIntegerField("résultats")
    digest = models.CharField("empreinte du fichier", max_length=64)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="importé par", related_name="+"
    )
    imported_at = models.DateTimeField("importé le", auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="publié par", related_name="+", null=True
    )
    released_at = models.DateTimeField("publié le", null=True)
    mailing = models.ForeignKey(
        "correspondence.Mailing", models.PROTECT, verbose_name="envoi groupé", related_name="+", null=True
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="écarté ou rappelé par", related_name="+", null=True
    )
    ended_at = models.DateTimeField("écarté ou rappelé le", null=True)
    reason = models.CharField("motif", max_length=300, blank=True)

    class Meta:
        verbose_name = "fichier de résultats"
        verbose_name_plural = "résultats de la mobilité"
        ordering = ["-imported_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("import_results", "Peut importer les résultats d'une campagne de mobilité"),
            ("release_results", "Peut publier ou rappeler les résultats importés par une autre personne"),
        ]
        constraints = [
            models.CheckConstraint(name="batch_state", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(
                name="batch_released_by_another",
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("imported_by")),
            ),
            models.CheckConstraint(
                name="batch_released_follows_state",
                condition=Q(
                    state__in=(BatchState.IMPORTED, BatchState.DISMISSED), released_by__isnull=True, released_at__isnull=True
                )
                | Q(
                    state__in=(BatchState.RELEASED, BatchState.RECALLED), released_by__isnull=False, released_at__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="batch_ended_with_reason",
                condition=Q(state__in=(BatchState.IMPORTED, BatchState.RELEASED), ended_at__isnull=True)
                | Q(state__in=(BatchState.DISMISSED, BatchState.RECALLED), ended_at__isnull=False, ended_by__isnull=False)
                & ~Q(reason=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.campaign} : {self.rows} résultats"


class Result(models.Model):
    """The outcome of one request. `rank` is the vœu obtained; `points` its barème when the file tells it. Never changed
    (trigger); read by nobody before its batch is released."""

    batch = models.ForeignKey(ResultBatch, models.PROTECT, verbose_name="fichier", related_name="results")
    request = models.ForeignKey(MobilityRequest, models.PROTECT, verbose_name="demande", related_name="results")
    outcome = models.CharField("résultat", max_length=15, choices=Outcome.choices)
    rank = models.PositiveSmallIntegerField("rang du vœu obtenu", null=True)
    place = models.CharField("lieu", max_length=60, blank=True)
    points = models.DecimalField("barème du vœu obtenu", max_digits=8, decimal_places=2, null=True)

    class Meta:
        verbose_name = "résultat d'une demande"
        verbose_name_plural = "résultats des demandes"
        ordering = ["batch", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["batch", "request"], name="result_once_per_batch"),
            models.CheckConstraint(name="result_outcome", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="result_rank_when_obtained",
                condition=Q(outcome=Outcome.OBTAINED, rank__gte=1) | ~Q(outcome=Outcome.OBTAINED) & Q(rank__isnull=True),
            ),
            models.CheckConstraint(
                name="result_place_when_moved",
                condition=Q(outcome__in=_WITH_PLACE) & ~Q(place="") | ~Q(outcome__in=_WITH_PLACE) & Q(place=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.get_outcome_display()
