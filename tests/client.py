"""The client every page test uses: it refuses, on each response, what no page of the portal may do."""

import re
from html.parser import HTMLParser

from django.core.signals import setting_changed
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from iprof.web.charset import set_charset_aside

REQUIRED_HEADERS = {
    "Content-Security-Policy": r"default-src 'none'",
    "Strict-Transport-Security": r"max-age=63072000",
    "X-Content-Type-Options": r"nosniff",
    "Referrer-Policy": r"same-origin",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Resource-Policy": r"same-origin",
    "Permissions-Policy": r"geolocation=\(\)",
    "X-Frame-Options": r"DENY",
    "X-XSS-Protection": r"0",
    "Cache-Control": r".",
}
CHARSET = re.compile(r"^(?!text/|\S*xml).|charset=\"?utf-8\"?$", re.IGNORECASE)  # JSON and PDF have none to say
HANDLER = re.compile(r"^on[a-z]+$")


class _Inspector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.ids: set[str] = set()
        self.has_title = False
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in attrs:
            if name == "style" or HANDLER.match(name):
                self.problems.append(f"<{tag} {name}=…> is inline behaviour or style")
            if name in {"href", "src", "action"} and (value or "").strip().lower().startswith("javascript:"):
                self.problems.append(f"<{tag} {name}=javascript:…>")
        if tag == "style":
            self.problems.append("<style> element")
        if (
            tag == "script"
            and not given.get("src")
            and given.get("type") not in {"application/json", "speculationrules"}
        ):
            self.problems.append("<script> without src")
        if tag == "html":
            self.lang = given.get("lang") or ""
        if tag == "title":
            self.has_title = True
        if "id" in given and given["id"] is not None:
            if given["id"] in self.ids:
                self.problems.append(f"id {given['id']!r} used twice")
            self.ids.add(given["id"])


def inspect_html(html: str) -> list[str]:
    """What is wrong with a page: inline script, style or handler, double ids, unrendered template, no language."""
    inspector = _Inspector()
    inspector.feed(html)
    problems = inspector.problems
    if "{{" in html or "{%" in html:
        problems.append("unrendered template syntax")
    if "<html" in html:
        if not inspector.lang.startswith("fr"):
            problems.append("no French language on <html>")
        if not inspector.has_title:
            problems.append("no <title>")
    return problems


def inspect_headers(response: HttpResponse) -> list[str]:
    problems = [
        f"header {name} is {response.headers.get(name)!r}"
        for name, pattern in REQUIRED_HEADERS.items()
        if not re.search(pattern, response.headers.get(name, ""))
    ]
    declared = response.headers.get("Content-Type", "")
    if not response.streaming and response.content and not (declared and CHARSET.search(declared)):
        problems.append(f"Content-Type is {declared!r}")
    if "unsafe-" in response.headers.get("Content-Security-Policy", ""):
        problems.append("CSP allows unsafe-*")
    return problems


class WsgiHandler(ClientHandler):
    """What `iprof.wsgi` does before Django."""

    def __call__(self, environ):
        return super().__call__(set_charset_aside(environ))


_handlers: dict[bool, ClientHandler] = {}


def shared_handler(enforce_csrf_checks: bool) -> ClientHandler:
    """The stack of middleware, made once: it lists the static files each time, a tenth of a second a client."""
    return _handlers.setdefault(enforce_csrf_checks, WsgiHandler(enforce_csrf_checks))


setting_changed.connect(lambda **changed: _handlers.clear(), weak=False, dispatch_uid="tests.client")


class PortalClient(Client):
    """Django's test client, with an opinion: `strict=False` for the rare response that is none of our pages."""

    def __init__(self, enforce_csrf_checks: bool = False, *args, strict: bool = True, **kwargs) -> None:
        super().__init__(enforce_csrf_checks, *args, **kwargs)
        self.handler = shared_handler(enforce_csrf_checks)
        self.strict = strict

    def request(self, **request):
        response = super().request(**request)
        if self.strict:
            problems = inspect_headers(response)
            content_type = response.headers.get("Content-Type", "")
            if content_type.startswith("text/html") and not response.streaming and response.content:
                problems += inspect_html(response.content.decode())
            assert not problems, f"{request.get('PATH_INFO')}: {problems}"
        return response
