"""Accounts linked to identity providers, and the sessions opened through them (requirement S62; ADR 0013)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from security.models_account import OpenSession


class FederatedLink(models.Model):
    """« This person at this provider is this account », confirmed by its owner. Nothing else of the person is kept."""

    user = models.ForeignKey("security.User", models.CASCADE, verbose_name="compte", related_name="federated_links")
    provider = models.SlugField("fournisseur", max_length=20)
    issuer = models.CharField("émetteur", max_length=255)
    subject = models.CharField("identifiant chez l'émetteur", max_length=255)
    linked_at = models.DateTimeField("relié le", default=timezone.now, editable=False)
    used_at = models.DateTimeField("dernière connexion le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "compte relié"
        verbose_name_plural = "comptes reliés"
        default_permissions = ()
        ordering = ["provider", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="federatedlink_person_once",
                violation_error_message="Cette identité est déjà reliée à un compte.",
            ),
            models.UniqueConstraint(
                fields=["user", "provider"],
                name="federatedlink_provider_once",
                violation_error_message="Ce compte est déjà relié à ce service.",
            ),
            models.CheckConstraint(
                name="federatedlink_is_named",
                condition=~Q(issuer="") & ~Q(subject=""),
                violation_error_message="Une identité a un émetteur et un identifiant.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} · {self.linked_at:%d/%m/%Y}"


class FederatedSession(models.Model):
    """An open session that began at a provider, so that it ends when the provider says so."""

    session = models.OneToOneField(
        OpenSession, models.CASCADE, verbose_name="connexion", primary_key=True, related_name="federated"
    )
    issuer = models.CharField("émetteur", max_length=255)
    subject = models.CharField("identifiant chez l'émetteur", max_length=255)
    sid = models.CharField("session chez l'émetteur", max_length=255, blank=True)

    class Meta:
        verbose_name = "connexion par un autre service"
        verbose_name_plural = "connexions par un autre service"
        default_permissions = ()
        indexes = [models.Index(fields=["issuer", "subject"]), models.Index(fields=["issuer", "sid"])]

    def __str__(self) -> str:
        return str(self.session)


class SpentToken(models.Model):
    """What a provider said once and must not be heard twice, by its keyed hash, until it expires by itself."""

    digest = models.CharField("empreinte", max_length=64, primary_key=True)
    expires_at = models.DateTimeField("périmé le", db_index=True)

    class Meta:
        verbose_name = "jeton déjà reçu"
        verbose_name_plural = "jetons déjà reçus"
        default_permissions = ()

    def __str__(self) -> str:
        return f"jusqu'au {self.expires_at:%d/%m/%Y %H:%M}"
