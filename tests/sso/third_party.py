"""Starting `oidc-provider`, a third party's server, and going through its pages as a browser would."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

import pytest

HERE = Path(__file__).resolve().parent
SECRET = "secret-de-test-sans-valeur-0123456789"
PERSON = {
    "given_name": "Maud",
    "usual_name": "Valdoie",
    "email": "m@ent.example",
    "uid": "u1",
    "siret": "17510000000011",
}
ACCOUNTS = {
    "ent-maud": {"claims": PERSON},
    "ent-forte": {"claims": PERSON, "amr": ["pwd", "mfa"]},
    "ent-vide": {"claims": {"given_name": "Maud"}},
}


@contextmanager
def third_party(portal: str) -> Iterator[str]:
    """Its issuer. The portal of `portal` is its only client."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        pytest.skip("Node.js or oidc-provider is absent: `python3 run.py test` installs them (npm ci in tests/sso)")
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PORTAL": portal,
        "ACCOUNTS": json.dumps(ACCOUNTS),
        "CLIENT_SECRET": SECRET,
    }
    process = subprocess.Popen(
        [node, "server.mjs"], cwd=HERE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield json.loads(process.stdout.readline())["issuer"]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def of(issuer: str, **more: str) -> dict[str, dict[str, str]]:
    """The setting that names this server « ENT »."""
    told = {"kind": "oidc", "name": "ENT", "issuer": issuer, "client_id": "portail", "client_secret": SECRET}
    return {"ent": {**told, "scope": "openid profile email uid siret", "home": f"{issuer}/", **more}}


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Browser:
    """Cookies and redirects, one by one; stops at an address that begins with `until`."""

    def __init__(self) -> None:
        self.jar = CookieJar()
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar), _Stay())

    def open(self, url: str, form: dict[str, str] | None = None, until: str = "\x00") -> tuple[str, int, str]:
        """The last address, its status and its text."""
        while not url.startswith(until):
            status, text, where = self._once(url, form)
            if status not in {302, 303}:
                return url, status, text
            url, form = urljoin(url, where), None
        return url, 0, ""

    def enter(self, url: str, login: str, until: str) -> str:
        """Signs in at the provider's door and returns the address it sends back to."""
        url, _, text = self.open(url, until=until)
        if "/porte/" not in url:
            return url
        assert re.search("name=.login.", text)
        return self.open(url, {"login": login}, until=until)[0]

    def _once(self, url: str, form: dict[str, str] | None) -> tuple[int, str, str]:
        data = urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(Request(url, data=data), timeout=10) as response:  # noqa: S310  (this machine)
                return response.status, response.read().decode(), response.headers.get("Location", "")
        except HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode(), answer.headers.get("Location", "")
