"""The container's health check speaks to the portal under a name it answers to."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from deploy import healthcheck


@pytest.fixture
def portal():
    class Portal(BaseHTTPRequestHandler):
        status, host = 200, ""

        def do_GET(self):
            type(self).host = self.headers["Host"]
            self.send_response(self.status)
            self.end_headers()
            self.wfile.write(b'{"database": false}')

        def log_message(self, format, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Portal)
    thread = Thread(target=server.serve_forever)
    thread.start()
    Portal.url = f"http://127.0.0.1:{server.server_port}/sante/"
    yield Portal
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_healthy_portal_is_asked_under_its_own_name(portal, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "extranet.example, autre.example")
    assert healthcheck.main(portal.url) == 0
    assert portal.host == "extranet.example"


def test_the_part_that_fails_is_told(portal, capsys):
    portal.status = 503
    assert healthcheck.main(portal.url) == 1
    assert '"database": false' in capsys.readouterr().out


def test_a_stopped_portal_is_told(capsys):
    assert healthcheck.main("http://127.0.0.1:9/sante/") == 1
    assert "refused" in capsys.readouterr().out
