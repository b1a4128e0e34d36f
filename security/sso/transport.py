"""Asking a provider something: HTTPS, no redirect followed, seconds and bytes counted."""

import json
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from security.domain.sso import Fault, SignOnProblem
from security.sso.providers import Provider

SILENCE, WHOLE = 3.0, 5.0  # seconds: without a byte, and for the whole answer
LARGEST = 256 * 1024  # bytes
CHUNK = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    body: bytes

    def json(self) -> dict[str, Any]:
        """The object it holds. Raises SignOnProblem."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            raise SignOnProblem(Fault.BROKEN, "json") from None
        if not isinstance(value, dict):
            raise SignOnProblem(Fault.BROKEN, "json")
        return value


def ask(provider: Provider, url: str, *, form: dict[str, str] | None = None, auth: str = "") -> Answer:
    """GET, or POST of `form`; `auth` is the Authorization header. Raises SignOnProblem: the provider is down, slow, or answers out of bounds."""
    scheme = urlsplit(url).scheme
    if scheme != "https" and (provider.secure or scheme != "http"):
        raise SignOnProblem(Fault.BROKEN, "address")
    headers = {"Accept": "application/json"} | ({"Authorization": auth} if auth else {})
    data = urlencode(form).encode() if form is not None else None
    request = Request(url, data=data, headers=headers)  # noqa: S310  (scheme checked)
    started = time.monotonic()
    try:
        with _opener().open(request, timeout=SILENCE) as response:
            body = _read(response, started)
            return Answer(response.status, response.headers.get_content_type(), body)
    except TimeoutError:
        raise SignOnProblem(Fault.SLOW) from None
    except URLError as problem:
        late = isinstance(problem.reason, TimeoutError)
        raise SignOnProblem(Fault.SLOW if late else Fault.DOWN, type(problem.reason).__name__) from None
    except (OSError, HTTPException, ValueError) as problem:
        raise SignOnProblem(Fault.DOWN, type(problem).__name__) from None


def ask_ok(provider: Provider, url: str, *, auth: str = "") -> Answer:
    """The same, for what must answer 200."""
    answer = ask(provider, url, auth=auth)
    if answer.status != 200:
        raise SignOnProblem(Fault.DOWN if answer.status >= 500 else Fault.BROKEN, f"http {answer.status}")
    return answer


def _opener() -> OpenerDirector:
    """Neither redirects nor errors are handled: what is not 200 is looked at by who asked."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    return opener


def _read(response: Any, started: float) -> bytes:
    body = bytearray()
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise SignOnProblem(Fault.BROKEN, "size")
        if time.monotonic() - started > WHOLE:
            raise SignOnProblem(Fault.SLOW)
    return bytes(body)
