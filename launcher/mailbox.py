"""The local mailbox of `run.py`: an SMTP sink that keeps each message, a page that lists them, one for each as laid out."""

import email
import html
import sys
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

KEEP = 500


class Sink:
    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, len(list(folder.glob("*.eml")))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.number += 1
        (self.folder / f"{self.number:06d}.eml").write_bytes(envelope.content)
        return "250 Message accepted"


class Page(BaseHTTPRequestHandler):
    folder: Path
    server_version = "mailbox"
    sys_version = ""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name and not name.isdigit():
            self.send_error(404)
            return
        page = self._laid_out(name) if name else self._list()
        if not page:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        # A mail carries its own style; nothing else of it may act.
        self.send_header("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def _list(self) -> bytes:
        rows = []
        for path in sorted(self.folder.glob("*.eml"), reverse=True)[:KEEP]:
            message = _read(path)
            text = html.escape(_part(message, "plain"))
            laid_out = f' · <a href="/{path.stem}">mis en page</a>' if _part(message, "html") else ""
            rows.append(
                f"<article><h2>{html.escape(str(message['subject']))}</h2>"
                f"<p>{html.escape(str(message['to']))} · {html.escape(str(message['date']))}{laid_out}</p>"
                f"<pre>{text}</pre></article>"
            )
        content = "".join(rows) or "<p>Aucun message pour le moment.</p>"
        return (
            '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Messagerie locale</title>'
            f"<style>pre {{ white-space: pre-wrap }}</style><h1>Messagerie locale</h1>{content}</html>"
        ).encode()

    def _laid_out(self, name: str) -> bytes:
        path = self.folder / f"{name}.eml"
        return _part(_read(path), "html").encode() if path.is_file() else b""

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=default)


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return body.get_content() if body else ""


def main() -> None:
    folder, smtp_port, http_port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    Controller(Sink(folder), hostname="127.0.0.1", port=smtp_port).start()
    Page.folder = folder
    Thread(target=ThreadingHTTPServer(("127.0.0.1", http_port), Page).serve_forever, daemon=False).start()


if __name__ == "__main__":
    main()
