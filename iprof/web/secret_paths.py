"""What never reaches the logs nor an error report (norms D10, D19): secrets of links, query strings, forms, local variables."""

import logging
import re
from types import FrameType
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.views.debug import SafeExceptionReporterFilter
from django_structlog.middlewares import RequestMiddleware

OPENING = frozenset({"token", "key"})  # what a URL names so opens something
TELLING = frozenset({"documents"})  # the name of a procedure may tell of a health (D19)
LINK = re.compile(
    r"(/mot-de-passe-perdu/)[^\s/?\"']+/[^\s/?\"']+"
    r"|(/compte/adresse-de-secours/|/alertes/desinscription/|/agenda/)[^\s/?\"']{12,}"
    r"|(/mes-documents/procedures/)[^\s/?\"']+"
)


def masked(text: str) -> str:
    """The text, links of mails without what makes them open, procedures unnamed.

    >>> masked("Gone: /mot-de-passe-perdu/MTc/dijic0-c0382/ and /compte/adresse-de-secours/retirer/")
    'Gone: /mot-de-passe-perdu/[masqué]/ and /compte/adresse-de-secours/retirer/'
    >>> masked("/agenda/dGVzdC10ZXN0LXRlc3Q.ics")
    '/agenda/[masqué]'
    >>> masked("Bad Request: /mes-documents/procedures/certificat_medical/")
    'Bad Request: /mes-documents/procedures/[masqué]/'
    """
    return LINK.sub(lambda found: f"{found[1] or found[2] or found[3]}[masqué]", text)


def shown_path(request: HttpRequest) -> str:
    """The path without its query, what people type there not being ours to keep; its pattern if it holds a secret, or
    tells of a person."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return masked(request.path)
    hidden = OPENING & match.kwargs.keys() or TELLING & set(match.app_names)
    return f"/{match.route}" if hidden else request.path


class QuietRequestMiddleware(RequestMiddleware):
    """The lines `request_started` and `request_finished`."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {shown_path(request)}"


class SecretPaths(logging.Filter):
    """Django names the path of a request it refuses; the links of mails are masked there."""

    def filter(self, record: logging.LogRecord) -> Literal[True]:
        if isinstance(record.msg, str):
            said = record.getMessage()
            if LINK.search(said):
                record.msg, record.args = masked(said), None
        return True


class NothingTyped(SafeExceptionReporterFilter):
    """Error reports name code and lines, never what was typed nor what the code held at that moment."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request is not None else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        return ()

    def get_safe_cookies(self, request: HttpRequest | None) -> dict[str, str]:
        return dict.fromkeys(request.COOKIES, self.cleansed_substitute) if request is not None else {}
