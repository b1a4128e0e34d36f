"""Accounts, their sessions and habilitations, the access journal. What a person may see is decided in `security.policies`."""

import datetime as dt
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from security.enums import AbroadState, AccessKind, Role, ScopeKind
from security.models_account import FailedTries, OpenSession, PasswordAudit
from security.models_impersonation import Impersonation
from security.models_loss import FactorLoss
from security.models_refusals import RefusedAccess
from security.models_sso import FederatedLink, FederatedSession, SpentToken

__all__ = [
    "AbroadAccess", "AbroadAccessQuerySet", "AccessEvent", "FactorLoss", "FailedTries", "FederatedLink",
    "FederatedSession", "Habilitation", "HabilitationQuerySet", "Impersonation", "JournalSeal", "OpenSession", "PasswordAudit",
    "RefusedAccess", "SpentToken", "TrustedBrowser", "User",
]  # fmt: skip


class User(AbstractUser):
    """An account. Teachers' accounts are opened by the feed and wait, without password, for the first access.

    `email` is the academic mailbox. `activation_digest` is the keyed hash of the NUMEN (iprof.web.crypto), emptied by
    the activation: from then on the NUMEN opens nothing (requirement S20, decision T3).
    """

    first_name = models.CharField("prénom", max_length=150, blank=True)
    last_name = models.CharField("nom d'usage", max_length=150, blank=True)
    activation_digest = models.CharField("empreinte du secret d'activation", max_length=64, blank=True, editable=False)
    activation_expires_at = models.DateTimeField("secret valable jusqu'au", null=True, blank=True, editable=False)
    activated_at = models.DateTimeField("compte activé le", null=True, blank=True, editable=False)
    password_changed_at = models.DateTimeField("mot de passe changé le", null=True, blank=True, editable=False)
    reset_requested_at = models.DateTimeField("lien de mot de passe demandé le", null=True, blank=True, editable=False)
    recovery_postponed_until = models.DateTimeField(
        "adresse de secours demandée après le", null=True, blank=True, editable=False
    )
    must_change_password = models.BooleanField("doit changer de mot de passe", default=False)
    reinforced = models.BooleanField("authentification renforcée", default=False, editable=False)
    session_generation = models.PositiveIntegerField("génération des sessions", default=0, editable=False)

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        permissions = [
            ("unlock_account", "Peut débloquer la connexion d'une personne"),
            ("pass_maintenance", "Peut passer pendant une maintenance, pour vérifier"),
            ("tell_incident", "Peut annoncer un incident ou une maintenance prévue"),
        ]
        constraints = [
            models.CheckConstraint(
                name="user_activation_secret_is_used_once",
                condition=Q(activated_at__isnull=True) | Q(activation_digest=""),
                violation_error_message="Un compte activé ne garde pas de secret d'activation.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_full_name()} ({self.username})"

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Sessions end with the password, and with each change of a factor (norm D11): both are in their hash."""
        of_password: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{of_password}.{self.session_generation}" if self.session_generation else of_password


class HabilitationQuerySet(models.QuerySet["Habilitation"]):
    def current(self, on: dt.date) -> "HabilitationQuerySet":
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class Habilitation(models.Model):
    """The dated right of a member of staff over a part of the académie (arrêté du 21 décembre 2012, norm D21)."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="compte", related_name="habilitations")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    scope_kind = models.CharField("périmètre", max_length=15, choices=ScopeKind.choices)
    scope_code = models.CharField("code du périmètre", max_length=8, blank=True, help_text="Département (51) ou UAI.")
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu'au", null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="accordée par", null=True, blank=True, related_name="+"
    )

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        constraints = [
            models.CheckConstraint(
                name="habilitation_dates_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La date de fin précède la date de début.",
            ),
            models.CheckConstraint(
                name="habilitation_scope_has_code",
                condition=(Q(scope_kind=ScopeKind.ACADEMIE) & Q(scope_code=""))
                | (~Q(scope_kind=ScopeKind.ACADEMIE) & ~Q(scope_code="")),
                violation_error_message="Indiquez le code du département ou de l'établissement, sauf pour l'académie.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.get_scope_kind_display()} {self.scope_code}".strip()


class AccessEvent(models.Model):
    """One line of the access journal: who did what, when, on whose file, and why. Append-only, kept by a trigger.

    `detail` holds short technical facts, never a secret, a NUMEN or health data (norms D19-D21). Written by
    `security.journal` alone, which signs each line: `mark` (`security.domain.chain`).
    """

    at = models.DateTimeField("date et heure", default=timezone.now, editable=False)
    kind = models.CharField("action", max_length=40, choices=AccessKind.choices)
    actor = models.ForeignKey(
        User, models.PROTECT, verbose_name="auteur", null=True, blank=True, related_name="access_events_done"
    )
    actor_label = models.CharField("auteur (au moment de l'action)", max_length=200, blank=True)
    subject = models.ForeignKey(
        User, models.PROTECT, verbose_name="personne concernée", null=True, blank=True, related_name="access_events"
    )
    reason = models.CharField("motif", max_length=300, blank=True)
    detail = models.JSONField("détail", default=dict, blank=True)
    ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    request_id = models.CharField("identifiant de requête", max_length=36, blank=True)
    mark = models.CharField("signature", max_length=80, editable=False)

    class Meta:
        verbose_name = "trace d'accès"
        verbose_name_plural = "traces d'accès"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "-at"]), models.Index(fields=["actor", "-at"])]
        constraints = [
            models.CheckConstraint(
                name="accessevent_is_signed",
                condition=~Q(mark=""),
                violation_error_message="Une trace s'écrit avec sa signature.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%d/%m/%Y %H:%M}"


class JournalSeal(models.Model):
    """One link of the chain over the journal, append-only like it (norm D20). It stays when retention takes its line.

    It says nothing of a person: a keyed hash, the kind and the date of the line.
    """

    position = models.BigIntegerField("rang", primary_key=True)
    line = models.BigIntegerField("trace", unique=True)  # no foreign key: the seal outlives the line
    kind = models.CharField("action", max_length=40)
    at = models.DateTimeField("date et heure de la trace")
    mark = models.CharField("signature de la trace", max_length=80)
    digest = models.CharField("empreinte", max_length=64)
    sealed_at = models.DateTimeField("scellée le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "sceau du journal"
        verbose_name_plural = "sceaux du journal"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="journalseal_counts_from_one",
                condition=Q(position__gte=1),
                violation_error_message="Les sceaux se comptent à partir de 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"


class AbroadAccessQuerySet(models.QuerySet["AbroadAccess"]):
    def current(self, on: dt.date) -> "AbroadAccessQuerySet":
        """Granted and not over: it ends by itself."""
        return self.filter(state=AbroadState.GRANTED, expires_on__gte=on)


class AbroadAccess(models.Model):
    """The leave to sign in from outside Europe, asked by its owner and decided by another person (requirement S88).

    `country` is the ISO code of the network the request came from; `expires_on` the last day of a granted access.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, verbose_name="compte", related_name="abroad_accesses")
    country = models.CharField("pays du réseau", max_length=2)
    reason = models.CharField("motif", max_length=500)
    wanted_until = models.DateField("demandé jusqu'au")
    state = models.CharField("état", max_length=10, choices=AbroadState.choices, default=AbroadState.ASKED)
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="décidé par", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    answer = models.CharField("réponse", max_length=500, blank=True)
    expires_on = models.DateField("valable jusqu'au", null=True, blank=True)

    objects = AbroadAccessQuerySet.as_manager()

    class Meta:
        verbose_name = "accès depuis l'étranger"
        verbose_name_plural = "accès depuis l'étranger"
        ordering = ["-asked_at"]
        permissions = [("decide_abroadaccess", "Peut accorder ou refuser un accès depuis l'étranger")]
        constraints = [
            models.CheckConstraint(
                name="abroad_decision_has_author",
                condition=Q(state=AbroadState.ASKED, decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state=AbroadState.ASKED) & Q(decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message="Une décision porte un auteur et une date.",
            ),
            models.CheckConstraint(
                name="abroad_granted_has_end",
                condition=Q(state__in=[AbroadState.ASKED, AbroadState.REFUSED], expires_on__isnull=True)
                | Q(state__in=[AbroadState.GRANTED, AbroadState.WITHDRAWN], expires_on__isnull=False),
                violation_error_message="Un accès accordé porte sa date de fin.",
            ),
            models.CheckConstraint(
                name="abroad_never_decided_by_its_owner",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")),
                violation_error_message="Nul ne s'accorde un accès à soi-même.",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state=AbroadState.ASKED),
                name="abroad_asked_once",
                violation_error_message="Une demande est déjà en cours.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.country}"


class TrustedBrowser(models.Model):
    """A browser from which its owner signs in without a second step until a day; the cookie alone holds the key."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="compte", related_name="trusted_browsers")
    key_digest = models.CharField("empreinte de la clé", max_length=64)
    name = models.CharField("navigateur", max_length=60)
    trusted_at = models.DateTimeField("enregistré le", auto_now_add=True)
    expires_at = models.DateTimeField("jusqu'au", db_index=True)

    class Meta:
        verbose_name = "navigateur de confiance"
        verbose_name_plural = "navigateurs de confiance"
        default_permissions = ()
        ordering = ["-trusted_at", "-pk"]
        constraints = [models.UniqueConstraint(name="one_trust_per_browser", fields=["user", "key_digest"])]

    def __str__(self) -> str:
        return f"{self.name} jusqu'au {self.expires_at:%d/%m/%Y}"
