"""Posting to a push service, whose address comes from a browser: only the services listed, never an inner address."""

import http.client
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

TIMEOUT = 5  # seconds, for each exchange
LONGEST_WAIT = 24 * 3600  # seconds: a service that asks for more is asked again anyway


class Unanswered(Exception):
    """Its text is the kind of failure: never an address nor the words of the service."""


class InnerAddress(OSError):
    """The name of a push service leads to an address that is not of the Internet."""


def is_known(endpoint: str) -> bool:
    """Whether the address is of a service of settings.PUSH_SERVICES (« https://*.host »), the port its own.

    >>> is_known("https://fcm.googleapis.com/fcm/send/a:b"), is_known("https://fcm.googleapis.com@evil.example/")
    (True, False)
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or not parts.hostname or not endpoint.isascii():
        return False
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in endpoint):
        return False
    origin = f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port is not None else "")
    return any(fnmatchcase(origin, service) for service in settings.PUSH_SERVICES)


def post(endpoint: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, int]:
    """(status, seconds the service asks to wait before the next try, 0 if it says nothing). No redirect is followed.

    Raises Unanswered: no answer, or not in time. ValueError: no known service.
    """
    if not is_known(endpoint):
        raise ValueError("not a known push service")
    request = urllib.request.Request(endpoint, data=body, headers=dict(headers), method="POST")  # noqa: S310  (listed)
    try:
        with _opener().open(request, timeout=TIMEOUT) as response:
            return response.status, _wait(response.headers)
    except urllib.error.URLError as problem:
        raise Unanswered(type(problem.reason).__name__) from None
    except (OSError, http.client.HTTPException) as problem:
        raise Unanswered(type(problem).__name__) from None


def _wait(headers: Mapping[str, str]) -> int:
    """Retry-After, in seconds or as a date."""
    told = headers.get("Retry-After") or ""
    if told.isascii() and told.isdigit():
        return min(int(told[:9]), LONGEST_WAIT)
    try:
        seconds = int((parsedate_to_datetime(told) - timezone.now()).total_seconds())
    except (TypeError, ValueError):  # no date, or one without time zone
        return 0
    return max(0, min(seconds, LONGEST_WAIT))


class _PublicConnection(http.client.HTTPSConnection):
    """TLS to an address of the Internet: whatever the name of the service is made to lead to."""

    def connect(self) -> None:
        if getattr(self, "_tunnel_host", None) is None:  # through the deployer's proxy: it decides
            _refuse_inner(self.host, self.port)
        super().connect()
        if getattr(self, "_tunnel_host", None) is None:
            _refuse_peer(self.sock.getpeername()[0])


def _refuse_inner(host: str, port: int) -> None:
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        _refuse_peer(str(address[0]))


def _refuse_peer(address: str) -> None:
    if not ip_address(address.partition("%")[0]).is_global:
        raise InnerAddress("inner address")


class _PublicHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_PublicConnection, request)


def _opener() -> urllib.request.OpenerDirector:
    """Neither redirects nor errors are handled: who asks looks at the status."""
    opener = urllib.request.OpenerDirector()
    handlers: list[Any] = [urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), _PublicHandler()]
    for handler in handlers:
        opener.add_handler(handler)
    return opener
