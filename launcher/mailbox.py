"""The local mailbox of `run.py`: an SMTP sink that keeps each message, and a page that lists them."""

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
        rows = []
        for path in sorted(self.folder.glob("*.eml"), reverse=True)[:KEEP]:
            message: EmailMessage = email.message_from_bytes(path.read_bytes(), policy=default)
            body = message.get_body(("plain",))
            text = html.escape(body.get_content() if body else "")
            rows.append(
                f"<article><h2>{html.escape(str(message['subject']))}</h2>"
                f"<p>{html.escape(str(message['to']))} · {html.escape(str(message['date']))}</p><pre>{text}</pre></article>"
            )
        content = "".join(rows) or "<p>Aucun message pour le moment.</p>"
        page = (
            '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Messagerie locale</title>'
            f"<h1>Messagerie locale</h1>{content}</html>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def main() -> None:
    folder, smtp_port, http_port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    Controller(Sink(folder), hostname="127.0.0.1", port=smtp_port).start()
    Page.folder = folder
    Thread(target=ThreadingHTTPServer(("127.0.0.1", http_port), Page).serve_forever, daemon=False).start()


if __name__ == "__main__":
    main()
