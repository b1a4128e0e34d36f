"""What holds on every page: the methods that exist and the headers of responses (norms D11, D14, D15)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "POST")


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


class MethodsMiddleware:
    """Refuses the methods no page uses, before anything reads the request: nothing here answers PUT, DELETE or OPTIONS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)
