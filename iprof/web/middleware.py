"""What holds on every page: the methods that exist and the headers of responses (norms D11, D14, D15)."""

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.template.loader import render_to_string

from iprof.web.charset import UNREAD

METHODS = ("GET", "HEAD", "POST")
MACHINES = "/api/"
CHUNK, DRAINED = 1 << 16, 1 << 27  # bytes


class UnreadCharset(BadRequest):
    """The request says it is written in another alphabet than UTF-8."""


class TooHeavy(BadRequest):
    """The request announces more than the portal takes in one sending."""


def announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def drain(request: HttpRequest) -> None:
    """Reads on for a while: a browser that is answered before it has sent all says « connection reset », not our page."""
    with suppress(OSError):
        for _ in range(DRAINED // CHUNK):
            if not request.read(CHUNK):
                return


class SecurityHeadersMiddleware:
    """Headers Django has no setting for. Pages are private unless a view said otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.transport = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django sends it over HTTPS only: lost behind a proxy that forgot to say so. Browsers ignore it over HTTP.
        response.setdefault("Strict-Transport-Security", self.transport)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)  # static files never reach Django's own
        response.setdefault("X-XSS-Protection", "0")
        response.setdefault("Cache-Control", "no-store")
        return response


class MachinesOverTlsMiddleware:
    """Machines are not redirected to HTTPS as browsers are: what they send in clear is refused, so that somebody notices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and request.path.startswith(MACHINES) and not request.is_secure():
            return HttpResponseForbidden("HTTPS only.\n", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class MethodsMiddleware:
    """Refuses the methods no page uses, before anything reads the request: nothing here answers PUT, DELETE or OPTIONS.

    The doors of machines answer for themselves: they name in `Allow` the one method they have.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in METHODS or request.path.startswith(MACHINES):
            return self.get_response(request)
        return HttpResponseNotAllowed(METHODS)


class OddRequestsMiddleware:
    """What no browser sends is refused in clear, or left aside, before anything reads it: alphabets, cookies, methods."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if UNREAD in request.META:
            raise UnreadCharset("charset")
        if announced(request) > settings.REQUEST_MAX_BYTES:
            drain(request)
            raise TooHeavy("body")
        # Left aside rather than refused: a person with a broken cookie must still be able to come in.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in value}
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            if not hasattr(request, "user"):  # refused before anything asked who it was
                request.user = AnonymousUser()
            response.content = render_to_string("405.html", request=request).encode()
        return response
