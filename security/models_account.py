"""What is kept beside an account: verdicts on its password, its open sessions, its failed tries."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from security.enums import AuditVerdict


class PasswordAudit(models.Model):
    """The verdicts on the present password, judged when it was set (requirements S33 to S35). Never the password, nor
    its length, nor a hash of it.
    """

    user = models.OneToOneField(
        "security.User", models.CASCADE, verbose_name="compte", primary_key=True, related_name="password_audit"
    )
    judged_at = models.DateTimeField("évalué le", null=True, blank=True)
    length = models.CharField("longueur", max_length=12, choices=AuditVerdict.choices, default=AuditVerdict.UNKNOWN)
    diversity = models.CharField("diversité", max_length=12, choices=AuditVerdict.choices, default=AuditVerdict.UNKNOWN)
    personal = models.CharField(
        "données personnelles", max_length=12, choices=AuditVerdict.choices, default=AuditVerdict.UNKNOWN
    )
    reminded_at = models.DateTimeField("renouvellement conseillé le", null=True, blank=True)

    class Meta:
        verbose_name = "audit de mot de passe"
        verbose_name_plural = "audits de mots de passe"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name=f"passwordaudit_{name}_is_known",
                condition=Q(**{f"{name}__in": AuditVerdict.values}),
                violation_error_message="Ce verdict n'existe pas.",
            )
            for name in ("length", "diversity", "personal")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.judged_at:%d/%m/%Y}" if self.judged_at else f"{self.user}"


class OpenSession(models.Model):
    """A session of an account, so that its owner sees and ends it (norm D11). It lives as long as the session at most."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("security.User", models.CASCADE, verbose_name="compte", related_name="open_sessions")
    session_key = models.CharField("clé de session", max_length=40, unique=True)
    began_at = models.DateTimeField("ouverte le", default=timezone.now, db_index=True)
    ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    browser = models.CharField("navigateur", max_length=60)

    class Meta:
        verbose_name = "connexion ouverte"
        verbose_name_plural = "connexions ouvertes"
        default_permissions = ()
        ordering = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.browser} · {self.began_at:%d/%m/%Y %H:%M}"


class FailedTries(models.Model):
    """How often sign-in failed lately for one account or one address, known by keyed hashes (`security.throttle`)."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "compteur d'échecs"
        verbose_name_plural = "compteurs d'échecs"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.failures} échecs jusqu'au {self.last_at:%d/%m/%Y %H:%M}"
