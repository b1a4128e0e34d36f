"""The process: asks the portal how it is, and shows the answer. Whatever breaks around it, it goes on answering."""

import datetime as dt
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from status import incidents, maintenance, probes
from status.files import StateProblem
from status.machines import atom, machine
from status.pages import Site, State, html
from status.style import STYLE

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}
READ_SECONDS = 10  # a client that says nothing is dropped


class Watch:
    """The files and the probes. `probe` asks the portal once."""

    def __init__(self, folder: Path, probe: Callable[[dt.datetime], probes.Answer]) -> None:
        self.folder, self.probe = folder, probe
        self.record = probes.load(folder)

    def state(self) -> State:
        now = dt.datetime.now(dt.UTC)
        return State(incidents.load(self.folder), maintenance.load(self.folder), self.record, now)

    def once(self) -> None:
        """One probe, kept. A folder that cannot be written is told on the standard error: the page goes on."""
        answer = self.probe(dt.datetime.now(dt.UTC))
        self.record.add(answer, maintenance=maintenance.load(self.folder) is not None)
        try:
            probes.save(self.folder, self.record)
        except StateProblem as problem:
            sys.stderr.write(f"{problem}\n")

    def for_ever(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                self.once()
            except Exception as error:  # whatever it is, the next probe is made
                sys.stderr.write(f"probe failed: {error!r}\n")
            stopped.wait(probes.EVERY_SECONDS)


class Server(ThreadingHTTPServer):
    """`daemon_threads`: a slow reader does not hold the end of the process."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], watch: Watch, site: Site) -> None:
        self.watch, self.site = watch, site
        super().__init__(address, Page)


class Page(BaseHTTPRequestHandler):
    server: Server
    timeout = READ_SECONDS
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "iprof-status", ""

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        status, kind, content = self._content(self.path.partition("?")[0])
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **HEADERS}.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def _content(self, path: str) -> tuple[int, str, bytes]:
        watch, site = self.server.watch, self.server.site
        match path:
            case "/":
                return 200, "text/html; charset=utf-8", html(watch.state(), site)
            case "/status.json":
                return 200, "application/json", machine(watch.state())
            case "/atom.xml":
                return 200, "application/atom+xml; charset=utf-8", atom(watch.state(), site)
            case "/style.css":
                return 200, "text/css; charset=utf-8", STYLE.encode()
            case "/sante/":
                return 200, "text/plain; charset=utf-8", b"ok\n"
            case "/robots.txt":
                return 200, "text/plain; charset=utf-8", b"User-agent: *\nDisallow:\n"
        return 404, "text/plain; charset=utf-8", b"Cette page n'existe pas.\n"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: who looks at the state of the service is nobody's business."""


def serve(watch: Watch, site: Site, address: tuple[str, int]) -> None:
    """Until the process is ended."""
    stopped = threading.Event()
    threading.Thread(target=watch.for_ever, args=(stopped,), daemon=True).start()
    try:
        Server(address, watch, site).serve_forever()
    finally:
        stopped.set()
