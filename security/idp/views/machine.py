"""Endpoints that services call: discovery, keys, tokens, identity, revocation. No session, no cookie, JSON only."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from security.idp.claims import ONE_FACTOR, TWO_FACTORS
from security.idp.keys import ALGORITHM, public_keys
from security.idp.scopes import SCOPES, SIGN_IN_CLAIMS
from security.idp.server import ServiceServer, as_response, parts_of
from security.idp.validator import ServiceValidator
from security.models import User
from security.services_refusals import note_refusal

KEYS_SECONDS = 3600
REFUSED = "Demande d'un service sans preuve valable"
REPLAYED = "Code ou jeton d'un service présenté deux fois"


@login_not_required
@require_safe
@cache_control(public=True, max_age=KEYS_SECONDS)
def configuration(request: HttpRequest) -> JsonResponse:
    """OpenID Connect Discovery 1.0: what is offered, and nothing that is not."""
    told: dict[str, Any] = {
        "issuer": settings.BASE_URL,
        "authorization_endpoint": _address("authorize"),
        "token_endpoint": _address("token"),
        "userinfo_endpoint": _address("userinfo"),
        "revocation_endpoint": _address("revoke"),
        "end_session_endpoint": _address("end_session"),
        "jwks_uri": _address("jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "scopes_supported": list(SCOPES),
        "claims_supported": [*SIGN_IN_CLAIMS, *(claim for scope in SCOPES.values() for claim in scope.claims)],
        "acr_values_supported": [ONE_FACTOR, TWO_FACTORS],
        "ui_locales_supported": ["fr"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
    return JsonResponse(told)


def _address(name: str) -> str:
    return f"{settings.BASE_URL}{reverse(f'idp:{name}')}"


@login_not_required
@require_safe
@cache_control(public=True, max_age=KEYS_SECONDS)
def jwks(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"keys": public_keys()})


@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
@transaction.atomic
def token(request: HttpRequest) -> HttpResponse:
    """A code or a refresh token against tokens. A refusal commits too: a replayed code ends what came of it."""
    validator = ServiceValidator()
    response = as_response(*ServiceServer(validator).create_token_response(*parts_of(request)))
    return _told(request, response, validator.replayed)


@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    server = ServiceServer(ServiceValidator())
    return _told(request, as_response(*server.create_revocation_response(*parts_of(request))))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """What the person let this service receive, as it is now."""
    server = ServiceServer(ServiceValidator())
    uri, method, _, headers = parts_of(request)  # by header only: a token in an address would rest in logs
    try:
        return as_response(*server.create_userinfo_response(uri, method, "", headers))
    except OAuth2Error as problem:
        return _told(request, as_response(problem.headers, problem.json, problem.status_code))


def _told(request: HttpRequest, response: HttpResponse, replayed: User | None = None) -> HttpResponse:
    """A refusal reaches the journal (norm D20); a replay on the file of the person whose code it was."""
    if response.status_code in {400, 401}:
        note_refusal(
            actor=None,
            subject=replayed,
            reason=REPLAYED if replayed else REFUSED,
            request=request,
            page=request.resolver_match.view_name if request.resolver_match else "",
            method=request.method or "",
            status=response.status_code,
        )
    return response
