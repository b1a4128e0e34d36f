"""The real process: it answers while the portal is stopped, killed, slow or lost, and imports nothing of it (K1)."""

import contextlib
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

import pytest

from launcher.places import ROOT
from status import incidents
from tests.status.test_incidents import SAID

SECONDS = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal(http.server.BaseHTTPRequestHandler):
    status, body = 200, b'{"database": true}'

    def do_GET(self):
        self.send_response(type(self).status)
        self.end_headers()
        self.wfile.write(type(self).body)

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def portal(port: int, status: int = 200, body: bytes = b"{}"):
    Portal.status, Portal.body = status, body
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Portal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def page(tmp_path):
    """(address, port of the portal to probe): probing every half second."""
    port, portal_port = free_port(), free_port()
    code = "import status.probes as p; p.EVERY_SECONDS = 0.5; import status.__main__ as m; m.main()"
    environment = {
        "PATH": os.environ["PATH"], "IPROF_STATUS_DIR": str(tmp_path), "STATUS_PORT": str(port),
        "STATUS_PROBE_URL": f"http://127.0.0.1:{portal_port}/sante/", "IPROF_OFFICIAL_ADDRESS": "https://portail.example",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
    try:
        wait_for(lambda: get(f"http://127.0.0.1:{port}/sante/")[0] == 200)
        yield f"http://127.0.0.1:{port}", portal_port
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait()


def get(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            return response.status, response.read().decode(), response.headers["Content-Security-Policy"]
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), ""
    except OSError:
        return 0, "", ""


def wait_for(true) -> None:
    limit = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.1)


def said(address: str) -> str:
    return json.loads(get(f"{address}/status.json")[1])["sentence"]


def test_it_answers_whatever_becomes_of_the_portal(page, tmp_path):
    address, port = page
    wait_for(lambda: said(address) == "Le portail ne répond pas normalement.")
    with portal(port):
        wait_for(lambda: said(address) == "Le portail répond normalement.")
    with portal(port, 503, b'{"database": false, "cache": true, "autre": false}'):
        wait_for(lambda: "(base de données)" in said(address))
    with portal(port, 503, b"\xff" * 100):
        wait_for(lambda: said(address) == "Le portail ne répond pas normalement.")
    made = incidents.open_incident(tmp_path, **SAID | {"title": "Panne <b>"})
    status, html, policy = get(address)
    assert status == 200
    assert "Panne &lt;b&gt;" in html
    assert 'lang="fr"' in html
    assert "<script" not in html
    assert "style-src 'self'" in policy
    assert "Un relevé toutes les" in html
    feed = ET.fromstring(get(f"{address}/atom.xml")[1])  # noqa: S314  (our own)
    assert feed.find("{*}entry/{*}id").text == f"{address}/#i{made.code}"
    (tmp_path / incidents.NAME).write_text("{")
    status, html, _ = get(address)
    assert (status, "illisible" in html) == (200, True)
    counts = json.loads(get(f"{address}/status.json")[1])["days"]
    (day,) = counts.values()
    assert day["up"] > 0
    assert day["down"] > 0


def test_strange_requests_do_not_stop_it(page):
    address, _ = page
    port = int(address.rpartition(":")[2])
    for raw in (b"\x00\xff\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b""):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(raw)
    for path in ("/../etc/passwd", "/incidents.json", "/?x=" + "y" * 100, "//"):
        assert get(address + path)[0] in {200, 404}
    assert get(f"{address}/sante/")[0] == 200


def test_it_imports_nothing_of_the_portal():
    code = "import sys, status.__main__, status.command; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = {name.partition(".")[0] for name in loaded.split()}
    assert not names & {"django", "iprof", "career", "security", "psycopg", "redis", "celery"}
