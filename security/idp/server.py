"""oauthlib's endpoints, with the code flow and nothing else: no implicit, no password, no device, no registration."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.endpoints import (
    AuthorizationEndpoint,
    ResourceEndpoint,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant, RefreshTokenGrant

from security.idp.validator import ACCESS_SECONDS, ServiceValidator

BEARER = "Bearer"
AUTHORIZE = "idp:authorize"
Parts = tuple[str, str, str, dict[str, str]]


def _draw(request: Request) -> str:
    return secrets.token_urlsafe(32)


class ServiceServer(AuthorizationEndpoint, TokenEndpoint, ResourceEndpoint, RevocationEndpoint, UserInfoEndpoint):
    """One per request, as its validator is."""

    def __init__(self, validator: ServiceValidator) -> None:
        code, refresh = AuthorizationCodeGrant(validator), RefreshTokenGrant(validator)
        methods = code.proxy_target._code_challenge_methods
        code.proxy_target._code_challenge_methods = {"S256": methods["S256"]}
        bearer = BearerToken(validator, _draw, ACCESS_SECONDS, _draw)
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", response_types={"code": code}, default_token_type=bearer
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            grant_types={"authorization_code": code, "refresh_token": refresh},
            default_token_type=bearer,
        )
        ResourceEndpoint.__init__(self, default_token=BEARER, token_types={BEARER: bearer})
        RevocationEndpoint.__init__(self, validator)
        UserInfoEndpoint.__init__(self, validator)


def parts_of(request: HttpRequest) -> Parts:
    """A request as oauthlib reads it: the query of a page, the body of a machine, never both."""
    headers = {"Authorization": request.headers["Authorization"]} if "Authorization" in request.headers else {}
    match = request.resolver_match
    query = request.META.get("QUERY_STRING", "") if match and match.view_name == AUTHORIZE else ""
    body = urlencode([(name, value) for name, values in request.POST.lists() for value in values])
    return f"{request.path}?{query}", request.method or "GET", "" if query else body, headers


def as_response(headers: dict[str, str], body: Any, status: int) -> HttpResponse:
    response = HttpResponse(body or "", status=status, content_type="application/json")
    for name, value in headers.items():
        response[name] = value
    return response
