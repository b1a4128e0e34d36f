"""A small S3-compatible service: objects by path, put, read, listed, deleted; told to refuse or to be silent."""

import datetime as dt
import threading
import time
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

ERROR = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>"


class BucketService(ThreadingHTTPServer):
    """`objects` by key; `refusal`: a status with its code, for every call; `silence`: seconds before each answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.calls: list[str] = []
        self.refusal: tuple[int, str] | None = None
        self.silence = 0.0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: BucketService
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        key = url.path.removeprefix("/pieces").lstrip("/")
        self.server.calls.append(f"{self.command} {key}")
        time.sleep(self.server.silence)
        if self.server.refusal:
            return self._error(*self.server.refusal)
        if "AWS4-HMAC-SHA256 Credential=portail/" not in self.headers.get("Authorization", ""):
            return self._error(403, "AccessDenied")
        if self.command == "PUT":
            self.server.objects[key] = body
            return self._answer(200, b"")
        if self.command == "DELETE":
            self.server.objects.pop(key, None)
            return self._answer(204, b"")
        if not key:
            return self._answer(200, self._listing(parse_qs(url.query).get("prefix", [""])[0]))
        if key not in self.server.objects:
            return self._error(404, "NoSuchKey")
        return self._answer(200, self.server.objects[key])

    do_GET = do_PUT = do_HEAD = do_DELETE = _serve

    def _error(self, status: int, code: str) -> None:
        self._answer(status, ERROR.format(code=code).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", format_datetime(dt.datetime.now(dt.UTC), usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _listing(self, prefix: str) -> bytes:
        under = [key[len(prefix) :] for key in sorted(self.server.objects) if key.startswith(prefix)]
        folders = sorted({key.partition("/")[0] + "/" for key in under if "/" in key})
        found = "".join(f"<CommonPrefixes><Prefix>{escape(prefix + one)}</Prefix></CommonPrefixes>" for one in folders)
        found += "".join(
            f"<Contents><Key>{escape(prefix + one)}</Key><Size>1</Size></Contents>" for one in under if "/" not in one
        )
        return f"<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode()
