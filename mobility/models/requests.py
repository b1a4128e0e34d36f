"""A request of mobility: the vœux in their order, what the agent claims, the pieces chosen (requirements S51-S54)."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mobility.enums import Activity, Lien, RequestState, Strategy
from mobility.models.campaigns import Campaign

_UNSENT = (RequestState.DRAFT, RequestState.UNCONFIRMED)


class MobilityRequest(models.Model):
    """One per agent and campaign; without campaign, the simulation of that agent (« mon barème aujourd'hui »).

    `revision` grows at each write: a form sent from an older one is told, never applied silently. `late`: confirmed after
    the closing for a recognised event.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="agent", related_name="mobility_requests", editable=False
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, verbose_name="campagne", related_name="requests", null=True, editable=False
    )
    state = models.CharField(
        "état", max_length=12, choices=RequestState.choices, default=RequestState.DRAFT, editable=False
    )
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    late = models.BooleanField("demande tardive", default=False, editable=False)
    created_at = models.DateTimeField("commencée le", auto_now_add=True)
    changed_at = models.DateTimeField("modifiée le", auto_now=True)
    confirmed_at = models.DateTimeField("confirmée le", null=True, editable=False)

    class Meta:
        verbose_name = "demande de mutation"
        verbose_name_plural = "demandes de mutation"
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("control_request", "Peut contrôler le barème d'une demande de mutation"),
            ("decide_bareme", "Peut arrêter le barème d'une demande de mutation"),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "confirmed_at"], name="request_queue"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "campaign"], name="request_once_per_campaign"),
            models.UniqueConstraint(fields=["owner"], name="simulation_once", condition=Q(campaign__isnull=True)),
            models.CheckConstraint(name="request_state", condition=Q(state__in=RequestState.values)),
            models.CheckConstraint(
                name="request_confirmed_when_sent",
                condition=Q(state__in=(*_UNSENT, RequestState.WITHDRAWN)) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="simulation_stays_a_draft",
                condition=Q(campaign__isnull=False) | Q(state=RequestState.DRAFT, confirmed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign or 'Simulation'}"

    def get_absolute_url(self) -> str:
        return reverse("mobility:request", kwargs={"public_id": self.public_id})

    @property
    def simulated(self) -> bool:
        return self.campaign_id is None


class Voeu(models.Model):
    """A ranked wish. `place`: the name of an académie (2D), the code of a département (1D); in the intra, the code of
    what `kind` names (ETB, COM, GEO, DPT, ACA, ZRE, ZRD, ZRA)."""

    request = models.ForeignKey(MobilityRequest, models.CASCADE, verbose_name="demande", related_name="voeux")
    rank = models.PositiveSmallIntegerField("rang")
    kind = models.CharField("type", max_length=3, blank=True)
    place = models.CharField("lieu", max_length=60)

    class Meta:
        verbose_name = "vœu"
        verbose_name_plural = "vœux"
        ordering = ["request", "rank"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["request", "rank"], name="voeu_rank_once"),
            models.UniqueConstraint(fields=["request", "kind", "place"], name="voeu_place_once"),
            models.CheckConstraint(name="voeu_rank_from_one", condition=Q(rank__gte=1)),
            models.CheckConstraint(name="voeu_place_told", condition=~Q(place="")),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.place}"


class Claims(models.Model):
    """« Priorités légales et sociales »: what the agent claims, besides what the file already tells (S52).

    A null number or flag: not told, the file counts. `conjoint_*` is the place of the conjoint's work, of the other
    parent in an APC. Years are whole school years.
    """

    request = models.OneToOneField(MobilityRequest, models.CASCADE, verbose_name="demande", related_name="claims")
    strategy = models.CharField("situation familiale", max_length=10, choices=Strategy.choices, blank=True)
    lien = models.CharField("lien", max_length=7, choices=Lien.choices, blank=True)
    lien_on = models.DateField("depuis le", null=True, blank=True)
    imposition_commune = models.BooleanField("imposition commune", null=True, blank=True)
    dissolved_on = models.DateField("dissolution", null=True, blank=True)
    conjoint_pays = models.CharField("pays", max_length=60, blank=True)
    conjoint_postal_code = models.CharField("code postal", max_length=5, blank=True)
    conjoint_commune = models.CharField("commune", max_length=100, blank=True)
    conjoint_departement = models.CharField("département", max_length=3, blank=True)
    activity = models.CharField("activité", max_length=20, choices=Activity.choices, blank=True)
    last_activity_end = models.DateField("fin de la dernière activité", null=True, blank=True)
    partner_kind = models.CharField("statut de l'autre candidat", max_length=30, blank=True)
    partner_voeux = ArrayField(
        models.CharField(max_length=60), verbose_name="vœux de l'autre candidat", default=list, blank=True
    )
    partner_conjoint = models.BooleanField("conjoint au sens de la note de service", default=False)
    children_birthdates = ArrayField(
        models.DateField(), verbose_name="naissances des enfants à charge", default=list, blank=True
    )
    unborn_expected_on = models.DateField("naissance attendue le", null=True, blank=True)
    unborn_recognised_on = models.DateField("reconnaissance anticipée le", null=True, blank=True)
    separation_active = models.PositiveSmallIntegerField("années séparées en activité", default=0)
    separation_leave = models.PositiveSmallIntegerField("années séparées en congé parental ou disponibilité", default=0)
    boe = models.BooleanField("bénéficiaire de l'obligation d'emploi", default=False)
    conjoint_boe = models.BooleanField("conjoint bénéficiaire de l'obligation d'emploi", default=False)
    handicap_asked = models.BooleanField("priorité au titre du handicap demandée", default=False)
    stagiaire = models.BooleanField("stagiaire", null=True, blank=True)
    poste_years = models.PositiveSmallIntegerField("ancienneté de poste (années)", null=True, blank=True)
    rep_years = models.PositiveSmallIntegerField("années en REP", null=True, blank=True)
    rep_plus_years = models.PositiveSmallIntegerField("années en REP+", null=True, blank=True)
    cla_years = models.PositiveSmallIntegerField("années en CLA", null=True, blank=True)
    pop_years = models.PositiveSmallIntegerField("années sur poste à profil", null=True, blank=True)
    mayotte_years = models.PositiveSmallIntegerField("années à Mayotte", null=True, blank=True)
    guyane_years = models.PositiveSmallIntegerField("années en Guyane", null=True, blank=True)
    cimm = models.CharField("CIMM reconnu ou demandé", max_length=60, blank=True)
    reintegration = models.CharField("académie de réintégration", max_length=60, blank=True)
    academie_stage = models.CharField("académie de stage", max_length=60, blank=True)
    academie_concours = models.CharField("académie d'inscription au concours", max_length=60, blank=True)
    ex_contractuel = models.BooleanField("ancien contractuel", default=False)
    ex_titulaire = models.CharField("académie de l'ancien corps", max_length=60, blank=True)
    use_stag_10 = models.BooleanField("bonification de 10 points", default=False)
    preferential_requests = models.PositiveSmallIntegerField("demandes avec le même premier vœu", default=0)

    class Meta:
        verbose_name = "priorités invoquées"
        verbose_name_plural = "priorités invoquées"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="claims_strategy", condition=Q(strategy__in=Strategy.values)),
            models.CheckConstraint(name="claims_lien", condition=Q(lien__in=Lien.values)),
            models.CheckConstraint(name="claims_activity", condition=Q(activity__in=Activity.values)),
            models.CheckConstraint(
                name="claims_recognised_is_expected",
                condition=Q(unborn_recognised_on__isnull=True) | Q(unborn_expected_on__isnull=False),
                violation_error_message="Une reconnaissance anticipée porte sur un enfant attendu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}"


class ChosenPiece(models.Model):
    """A document held, chosen for a piece of the request, until the confirmation sends it. `piece` is a code of the
    procedure of the request; `document` names it in « Mes documents » (asked through its selectors, never by its table)."""

    request = models.ForeignKey(MobilityRequest, models.CASCADE, verbose_name="demande", related_name="chosen_pieces")
    piece = models.CharField("pièce", max_length=40)
    document = models.UUIDField("document")

    class Meta:
        verbose_name = "pièce choisie"
        verbose_name_plural = "pièces choisies"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["request", "piece", "document"], name="chosen_piece_once")]

    def __str__(self) -> str:
        return self.piece
