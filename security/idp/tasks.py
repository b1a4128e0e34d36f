"""Telling services that a session has ended (OpenID Connect Back-Channel Logout 1.0), and forgetting old tokens."""

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any

import structlog
from allauth.idp.oidc.models import Token
from celery import shared_task
from django.conf import settings

from security.idp import keys
from security.idp.models import Service

TIMEOUT = 5  # seconds
EVENT = "http://schemas.openid.net/event/backchannel-logout"
RETRY: dict[str, Any] = {
    "autoretry_for": (OSError, http.client.HTTPException),
    "retry_backoff": 10,
    "retry_backoff_max": 600,
    "max_retries": 6,
}
log = structlog.get_logger(__name__)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """The address is the one an administrator entered, and no other."""


@shared_task(**RETRY)
def tell_session_ended(service_pk: str, subject: str, sid: str) -> None:
    """Six tries over about twenty minutes; a service that stays deaf keeps its own session, as docs/operations.md says."""
    service = Service.objects.filter(pk=service_pk).first()
    if service is None or not service.logout_uri:
        return
    body = urllib.parse.urlencode({"logout_token": logout_token(service, subject, sid)}).encode()
    request = urllib.request.Request(service.logout_uri, data=body, method="POST")  # noqa: S310  (https, by its form)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT):
            pass
    except urllib.error.HTTPError as problem:
        log.warning("service_logout_refused", service=service.pk, status=problem.code)
        problem.close()
        if problem.code >= 500:
            raise
    else:
        log.info("service_logout_sent", service=service.pk)


def logout_token(service: Service, subject: str, sid: str) -> str:
    now = int(time.time())
    told = {
        "iss": settings.BASE_URL,
        "aud": service.pk,
        "iat": now,
        "exp": now + 120,
        "jti": uuid.uuid4().hex,
        "sub": subject,
        "sid": sid,
        "events": {EVENT: {}},
    }
    return keys.sign(told, kind="logout+jwt")


@shared_task
def forget_old_tokens() -> int:
    """Each hour, as `manage.py oidc_cleartokens` does: codes and tokens past their term."""
    gone: int = Token.objects.expired().delete()[0]
    return gone
