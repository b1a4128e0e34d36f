"""What somebody was sending, given back in a page to be sent again: closed portal, ended session, stale form (K2, E24).

Nothing is stored: the text stays in the browser of who typed it. Secrets are never written in a page.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes

from iprof.web.context import chosen_theme

SECRETS = frozenset(
    {"csrfmiddlewaretoken", "password", "password1", "password2", "current", "secret", "code", "credential"}
)
# Pages where only secrets are typed.
SECRET_PATHS = (
    "/connexion/", "/premiere-connexion/", "/mot-de-passe-perdu/", "/compte/", "/acces/", "/gestion/login/",
)  # fmt: skip
UNREADABLE = (SuspiciousOperation, UnreadablePostError, MultiPartParserError)
LONG = 20  # characters: a text somebody wrote, shown so that it can be copied


def kept_fields(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(name, value, whether it is a text to show) of each field sent, secrets aside. Empty but for a POST of our pages."""
    if request.method != "POST" or request.path.startswith(SECRET_PATHS):
        return []
    try:
        return list(_fields(request)) if _from_our_own_page(request) else []
    except UNREADABLE:
        return []


def _fields(request: HttpRequest) -> Iterator[tuple[str, str, bool]]:
    for name, values in request.POST.lists():
        if name not in SECRETS:
            yield from ((name, value, _is_text(value)) for value in values)


def _is_text(value: str) -> bool:
    """Words somebody wrote; a token of the page has no space."""
    return any(c.isspace() for c in value.strip()) and (len(value) >= LONG or "\n" in value)


def has_text(request: HttpRequest) -> bool:
    """Whether something would be missed."""
    return any(shown for _, _, shown in kept_fields(request))


def _has_files(request: HttpRequest) -> bool:
    """A file cannot be given back: the page says so, also when nothing else was sent."""
    if request.method != "POST" or request.path.startswith(SECRET_PATHS):
        return False
    try:
        return bool(request.FILES)
    except UNREADABLE:
        return False


def _from_our_own_page(request: HttpRequest) -> bool:
    """The browser says that a page of ours sent this: what another site would make it send is never offered again."""
    _, _, host = request.headers.get("Origin", "").partition("://")
    return host == request.get_host()


def kept_page(request: HttpRequest, *, title: str, status: int, **context: Any) -> HttpResponse:
    """A page that needs neither database nor session. `context`: lead, lines, hint, sign_in."""
    fields = kept_fields(request)
    whole = {
        "title": title,
        "theme": chosen_theme(request),
        "kept": fields,
        "files": _has_files(request),
        "address": escape_leading_slashes(request.get_full_path()),
        "status_url": settings.STATUS_URL,
        "portal_name": settings.PORTAL_NAME,
        "csrf_token": get_token(request) if fields else "",
    }
    return HttpResponse(render_to_string("kept.html", whole | context), status=status)
