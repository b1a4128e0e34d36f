"""Correspondences: circulars and individual letters, from the draft to the archive (requirement S11, norm D17)."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from iprof.correspondence.audience import Audience
from iprof.correspondence.enums import CircularKind, CircularState
from iprof.correspondence.models.alerts import Mailing
from security.models import User

ALONE_UP_TO = 500  # recipients one person may write to alone (norm D17)
SENT = (CircularState.RELEASED, CircularState.RECALLED)
_DRAFT, _SENT, _RECALLED = Q(state=CircularState.DRAFT), Q(state__in=SENT), Q(state=CircularState.RECALLED)


def _signed(step: str) -> Q:
    return Q(**{f"{step}_by__isnull": False, f"{step}_at__isnull": False})


def _unsigned(step: str) -> Q:
    return Q(**{f"{step}_by__isnull": True, f"{step}_at__isnull": True})


def _by(label: str, *, null: bool = True) -> "models.ForeignKey[User | None, User | None]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", null=null, editable=False
    )


class CircularQuerySet(models.QuerySet["Circular"]):
    def sent(self) -> "CircularQuerySet":
        """Those their recipients read, recalled ones included: what was said stays readable."""
        return self.filter(state__in=SENT)


class Circular(models.Model):
    """What the administration writes to an audience, released once, never changed nor deleted after.

    `body` is what was typed, `html` its cleaned form. The recipients are frozen by the dry run (`CircularRecipient`);
    the release recomputes the audience and refuses a difference. Triggers hold that a text simulated does not change
    under its simulation, and that a released one changes no more but by its recall.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=10, choices=CircularKind.choices, default=CircularKind.CIRCULAR)
    title = models.CharField("titre", max_length=150)
    reference = models.CharField("numéro", max_length=40, blank=True)
    body = models.TextField("texte", max_length=20_000)
    html = models.TextField(editable=False)
    result = models.BooleanField("contient un résultat", default=False)
    deadline = models.DateField("à faire au plus tard le", null=True, blank=True)
    expects_act = models.BooleanField("une action est demandée", default=False)
    audience = models.JSONField("destinataires", default=dict, editable=False)
    state = models.CharField(
        "état", max_length=10, choices=CircularState.choices, default=CircularState.DRAFT, editable=False
    )
    created_by, created_at = _by("créée par", null=False), models.DateTimeField("créée le", auto_now_add=True)
    edited_by, edited_at = _by("écrite par", null=False), models.DateTimeField("écrite le", editable=False)
    simulated_by = _by("simulée par")
    simulated_at = models.DateTimeField("simulée le", null=True, editable=False)
    recipient_count = models.PositiveIntegerField("nombre de destinataires", null=True, editable=False)
    approved_by, approved_at = _by("validée par"), models.DateTimeField("validée le", null=True, editable=False)
    released_by, released_at = _by("diffusée par"), models.DateTimeField("diffusée le", null=True, editable=False)
    mailing = models.OneToOneField(
        Mailing, models.PROTECT, verbose_name="envoi", null=True, editable=False, related_name="circular"
    )
    recalled_by, recalled_at = _by("rappelée par"), models.DateTimeField("rappelée le", null=True, editable=False)
    recall_reason = models.CharField("motif du rappel", max_length=300, blank=True, editable=False)
    search = SearchVectorField(null=True, editable=False)

    objects = CircularQuerySet.as_manager()

    class Meta:
        verbose_name = "correspondance"
        ordering = ["-edited_at", "-pk"]
        default_permissions = ("add", "change", "view")
        permissions = [
            ("release_circular", "Peut valider et diffuser une correspondance"),
            ("recall_circular", "Peut rappeler une correspondance"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="circular_search"),
            models.Index(fields=["deadline"], name="circular_to_remind", condition=Q(state=CircularState.RELEASED)),
        ]
        constraints = [
            models.CheckConstraint(name="circular_kind", condition=Q(kind__in=CircularKind.values)),
            models.CheckConstraint(name="circular_state", condition=Q(state__in=CircularState.values)),
            models.CheckConstraint(
                name="circular_simulation_follows_state",
                condition=_DRAFT & _unsigned("simulated") & Q(recipient_count__isnull=True)
                | ~_DRAFT & _signed("simulated") & Q(recipient_count__gte=1),
            ),
            models.CheckConstraint(
                name="circular_approval_follows_state",
                condition=Q(state=CircularState.APPROVED) & _signed("approved")
                | Q(state__in=(CircularState.DRAFT, CircularState.SIMULATED)) & _unsigned("approved")
                | _SENT & (_signed("approved") | _unsigned("approved")),
            ),
            models.CheckConstraint(
                name="circular_approved_by_another",
                condition=Q(approved_by__isnull=True)
                | ~Q(approved_by=F("created_by")) & ~Q(approved_by=F("edited_by")) & ~Q(approved_by=F("simulated_by")),
                violation_error_message="Une autre personne que celles qui l'ont écrite et simulée la valide.",
            ),
            models.CheckConstraint(
                name="circular_two_persons",
                condition=~_SENT
                | Q(approved_by__isnull=False)
                | Q(recipient_count__lte=ALONE_UP_TO, result=False),
            ),
            models.CheckConstraint(
                name="circular_release_follows_state",
                condition=_SENT & _signed("released") & Q(mailing__isnull=False)
                | ~_SENT & _unsigned("released") & Q(mailing__isnull=True),
            ),
            models.CheckConstraint(
                name="circular_recall_follows_state",
                condition=_RECALLED & _signed("recalled") & ~Q(recall_reason="")
                | ~_RECALLED & _unsigned("recalled") & Q(recall_reason=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("correspondence:circular_detail", kwargs={"public_id": self.public_id})

    @property
    def criteria(self) -> Audience:
        return Audience.from_json(self.audience)

    @property
    def cause(self) -> str:
        """The cause of its alerts: nobody has two of the same."""
        return f"correspondance:{self.pk}"

    @property
    def simulation(self) -> str:
        """Names the dry run in force, empty without one: whoever approves or releases says which one they read."""
        return self.simulated_at.isoformat() if self.simulated_at else ""

    @property
    def confidential(self) -> bool:
        """Said by the portal alone, never by mail (requirement S71): a letter to a person, or a result."""
        return self.kind == CircularKind.LETTER or self.result

    @property
    def needs_two(self) -> bool:
        return self.result or (self.recipient_count or 0) > ALONE_UP_TO

    @property
    def asks_something(self) -> bool:
        """Whether its recipients say « J'ai fait le nécessaire »: something is expected, or due by a day."""
        return self.expects_act or self.deadline is not None

    @property
    def recalled(self) -> bool:
        return self.state == CircularState.RECALLED

    def days_left(self, on: dt.date) -> int | None:
        """Days from `on` to the deadline; negative once it is past, None without one or once recalled."""
        return None if self.deadline is None or self.recalled else (self.deadline - on).days
