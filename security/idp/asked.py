"""One request of a sign-in: who asks, for what, and what must still happen before the answer."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from oauthlib.oauth2.rfc6749 import errors

from security.idp.claims import sign_in_of
from security.idp.clients import find_service
from security.idp.models import Service, ServiceGrant
from security.idp.scopes import Scope, known
from security.idp.server import ServiceServer, parts_of
from security.idp.validator import ServiceValidator
from security.models import User
from security.second_step import must_enrol

FRESH = "idp_fresh"  # in the session: the request that asked for a new sign-in, and when
UNSUPPORTED = {"request": "request_not_supported", "request_uri": "request_uri_not_supported"}


class BadRequest(Exception):
    """Nothing may be sent to the address given: it is not one of the service's, or the service is not known."""


class Refused(Exception):
    """An answer for the service, by its own address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    service: Service
    redirect_uri: str
    state: str
    prompts: frozenset[str]
    max_age: int | None
    scopes: tuple[str, ...] = ()

    @property
    def given(self) -> list[Scope]:
        return known(list(self.scopes))

    @property
    def wants_fresh(self) -> bool:
        return "login" in self.prompts or self.max_age is not None

    @property
    def origin(self) -> str:
        """For the content security policy: where a form that answers ends up."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    def answer(self, **params: str) -> str:
        """The service's address with the answer. `iss` lets it tell two providers apart (RFC 9207)."""
        told = {**params, "iss": settings.BASE_URL, **({"state": self.state} if self.state else {})}
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{urlencode(told)}"


def read(request: HttpRequest) -> Asked:
    """Who asks and where to answer; nothing else is checked yet. Raises BadRequest."""
    query = request.GET
    service = find_service(query.get("client_id"))
    values = [value for _, found in query.lists() for value in found]
    if service is None or len(values) != len(query) or any("\x00" in value for value in values):
        raise BadRequest
    if query.get("redirect_uri") not in service.get_redirect_uris():
        raise BadRequest
    age = query.get("max_age", "")
    return Asked(
        service=service,
        redirect_uri=query["redirect_uri"],
        state=query.get("state", ""),
        prompts=frozenset(query.get("prompt", "").split()),
        max_age=int(age) if age.isascii() and age.isdigit() and len(age) < 10 else None,
        scopes=tuple(query.get("scope", "").split()),
    )


def check(request: HttpRequest, asked: Asked, user: User | None) -> None:
    """Everything the protocol asks of the request. Raises Refused, BadRequest."""
    for name, code in UNSUPPORTED.items():
        if name in request.GET:
            raise Refused(code)
    if request.GET.get("response_mode", "query") != "query" or request.GET.get("code_challenge_method") != "S256":
        raise Refused("invalid_request")
    try:
        ServiceServer(ServiceValidator(user=user)).validate_authorization_request(*_read_only(request))
    except errors.FatalClientError as problem:
        raise BadRequest from problem
    except errors.OAuth2Error as problem:
        raise Refused(problem.error) from problem
    except ValueError as problem:
        raise BadRequest from problem


def missing(request: HttpRequest, asked: Asked, user: User | None) -> str:
    """The next thing to do before a code: "login", "factor", "consent", or nothing."""
    if user is None or _must_sign_in_again(request, asked, user):
        return "login"
    if must_enrol(request, user) or user.must_change_password:
        return "factor"
    return "" if _is_granted(asked, user) and "consent" not in asked.prompts else "consent"


def _is_granted(asked: Asked, user: User) -> bool:
    if asked.service.skip_consent:
        return True
    grant = ServiceGrant.objects.filter(user=user, service=asked.service).first()
    return grant is not None and grant.asked and set(asked.scopes) <= set(grant.scopes)


def _must_sign_in_again(request: HttpRequest, asked: Asked, user: User) -> bool:
    signed_in_at = sign_in_of(request, user)["auth_time"]
    kept = request.session.get(FRESH)
    if kept and kept["query"] == request.META["QUERY_STRING"] and _last_proof(request, user) >= kept["at"]:
        return False
    too_old = asked.max_age is not None and time.time() - signed_in_at > asked.max_age
    return "login" in asked.prompts or too_old or asked.max_age == 0


def _last_proof(request: HttpRequest, user: User) -> float:
    records = get_authentication_records(request, user)
    return float(records[-1]["at"]) if records else 0.0


def ask_again(request: HttpRequest) -> None:
    """Notes that this very request waits for a sign-in made from now on."""
    request.session[FRESH] = {"query": request.META["QUERY_STRING"], "at": time.time()}


def code_for(request: HttpRequest, asked: Asked, user: User, session: Any) -> str:
    """The address of the answer, with a code. Raises Refused, BadRequest."""
    validator = ServiceValidator(user=user, session=session, sign_in=sign_in_of(request, user))
    request.session.pop(FRESH, None)
    try:
        headers, _, _ = ServiceServer(validator).create_authorization_response(
            *_read_only(request), scopes=list(asked.scopes), credentials={"user": user}
        )
    except errors.FatalClientError as problem:
        raise BadRequest from problem
    location = str(headers["Location"])
    return f"{location}&{urlencode({'iss': settings.BASE_URL})}"


def _read_only(request: HttpRequest) -> tuple[str, str, str, dict[str, str]]:
    uri, _, _, _ = parts_of(request)
    return uri, "GET", "", {}
