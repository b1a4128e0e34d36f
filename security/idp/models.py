"""Services that sign in through the portal, what each person granted them, and which session each sign-in hangs on.

The tables of services and tokens are those of allauth.idp.oidc; the rules of this portal are in `security.idp.validator`.
"""

import secrets
import uuid
from typing import Any

from allauth.idp.oidc.models import Client
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.crypto import constant_time_compare

from iprof.web.crypto import lookup_digest, lookup_digests
from security.models import OpenSession, User

CONTEXT = "idp.secret"


class Service(Client):
    """A sibling service. Its secret is 256 bits drawn here: a keyed hash keeps it, a slow one would only slow the portal."""

    told = ""  # the secret just drawn, for the one page that shows it

    class Meta:
        proxy = True
        verbose_name = "service relié"
        verbose_name_plural = "services reliés"

    def __str__(self) -> str:
        return str(self.name)

    def draw_secret(self) -> str:
        """A new secret in place of the former one, told once to whoever asked."""
        value = secrets.token_urlsafe(32)
        self.set_secret(value)
        return value

    def set_secret(self, secret: str) -> None:
        self.secret = lookup_digest(secret, context=CONTEXT)

    def check_secret(self, secret: str) -> bool:
        digests = lookup_digests(secret, context=CONTEXT)
        return True in {constant_time_compare(self.secret, digest) for digest in digests}  # all of them: constant time

    @property
    def purpose(self) -> str:
        """What the service is for, as the consent page says it."""
        return str(self._kept("purpose"))

    @property
    def closed(self) -> bool:
        """Answers nobody any more; kept, since people's grants and traces name it."""
        return bool(self._kept("closed"))

    @property
    def logout_uri(self) -> str:
        """Where the service is told that a session has ended (back-channel logout); empty: nowhere."""
        return str(self._kept("backchannel_logout_uri"))

    def _kept(self, name: str) -> Any:
        return (self.data or {}).get("client_metadata", {}).get(name, "")


class ServiceGrant(models.Model):
    """What a person lets a service receive. Withdrawing it deletes the row and every token of the pair."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, verbose_name="compte", related_name="service_grants")
    service = models.ForeignKey(Service, models.CASCADE, verbose_name="service", related_name="grants")
    scopes = ArrayField(models.CharField(max_length=20), verbose_name="données transmises")
    asked = models.BooleanField("accord demandé", default=True)
    granted_at = models.DateTimeField("relié le", auto_now_add=True)
    signed_in_at = models.DateTimeField("dernière connexion", null=True, blank=True)

    class Meta:
        verbose_name = "accord donné à un service"
        verbose_name_plural = "accords donnés aux services"
        default_permissions = ()
        ordering = ["service__name", "pk"]
        constraints = [models.UniqueConstraint(name="one_grant_per_service", fields=["user", "service"])]

    def __str__(self) -> str:
        return f"{self.service_id} · {self.user_id}"


class ServiceSession(models.Model):
    """One session of the portal from which a service was opened. Tokens name it: they end with it.

    `bound` is a keyed hash of what Django ties a session to: a password changed by any path ends the tokens.
    """

    sid = models.UUIDField("session", primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, verbose_name="compte", related_name="service_sessions")
    service = models.ForeignKey(Service, models.CASCADE, verbose_name="service", related_name="sessions")
    open_session = models.ForeignKey(OpenSession, models.CASCADE, verbose_name="connexion", related_name="+")
    bound = models.CharField(max_length=64, editable=False)
    began_at = models.DateTimeField("ouverte le", auto_now_add=True)

    class Meta:
        verbose_name = "session d'un service"
        verbose_name_plural = "sessions des services"
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="one_service_session", fields=["open_session", "service"])]

    def __str__(self) -> str:
        return f"{self.service_id} · {self.began_at:%d/%m/%Y %H:%M}"
