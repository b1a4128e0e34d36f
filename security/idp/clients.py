"""Which service speaks, by what proof, and what it may ask."""

from typing import Any

import structlog
from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc.models import Client
from oauthlib.common import Request
from oauthlib.openid import RequestValidator

from security.idp.models import Service
from security.idp.scopes import SUBJECT

log = structlog.get_logger(__name__)


def find_service(client_id: Any) -> Service | None:
    """None for a closed service and for whatever cannot be an identifier: a NUL would be an error of the database."""
    if not isinstance(client_id, str) or not client_id.isascii() or not client_id.isprintable() or len(client_id) > 100:
        return None
    service = Service.objects.filter(pk=client_id).first()
    return None if service is None or service.closed else service


class ClientChecks(RequestValidator):
    """The part of the validator that knows services apart."""

    def validate_client_id(self, client_id: Any, request: Request, *args: Any, **kwargs: Any) -> bool:
        return self._use(request, find_service(client_id))

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Only a service registered as public goes without secret; it then has nothing but PKCE."""
        service = find_service(request.client_id)
        return service is None or service.type != Client.Type.PUBLIC or bool(request.client_secret)

    def authenticate_client_id(self, client_id: Any, request: Request, *args: Any, **kwargs: Any) -> bool:
        service = find_service(client_id)
        return bool(service and service.type == Client.Type.PUBLIC) and self._use(request, service)

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """The secret by header or in the body, never in both."""
        named, secret = extract_basic_auth(request.headers)
        if named is None and secret is None:
            named, secret = request.client_id, request.client_secret
        elif request.client_secret or request.client_id not in {None, named}:
            return False
        service = find_service(named)
        if service is None or service.type != Client.Type.CONFIDENTIAL or not service.check_secret(str(secret or "")):
            log.warning("service_refused", service=service.pk if service else None)
            return False
        return self._use(request, service)

    def _use(self, request: Request, service: Service | None) -> bool:
        if service is None:
            return False
        request.client = service
        request.client.client_id = request.client_id = service.pk
        return True

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Service, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type in client.get_grant_types()

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return redirect_uri in request.client.get_redirect_uris()

    def get_default_redirect_uri(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> None:
        return None

    def validate_response_type(
        self, client_id: str, response_type: str, client: Service, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return response_type == "code"

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return True

    def get_default_scopes(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        return []

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Service, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return SUBJECT in scopes and set(scopes) <= set(request.client.get_scopes())
