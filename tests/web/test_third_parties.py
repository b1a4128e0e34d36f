"""No page asks anything of another host (norm D25): what loads, what is sent and what is fetched stay on the portal."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from tests.access_rules import RULES
from tests.client import PortalClient
from tests.factories.career import full_career

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "form": "action"}


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        asks = LOADED.get(tag)
        if asks and given.get(asks) and given.get("rel") not in {"canonical", "alternate"}:
            self.found.append(f"{tag} {given[asks]}")


def outside(html: str) -> list[str]:
    loads = _Loads()
    loads.feed(html)
    return [one for one in loads.found if one.split(" ", 1)[1].startswith(("http:", "https:", "//"))]


def test_what_comes_from_elsewhere_is_seen():
    assert outside('<img src="//cdn.example/x.png"><script src="/static/a.js"></script>') == ["img //cdn.example/x.png"]


@pytest.mark.django_db
@pytest.mark.req("D25")
def test_no_page_asks_anything_of_another_host():
    owner = full_career()
    client = PortalClient()
    client.force_login(owner.user)
    seen = 0
    for name, rule in RULES.items():
        if rule.kind in {"signed_in", "agent", "owned", "public"} and rule.status == 200:
            response = client.get(reverse(name, kwargs=rule.args(owner)))
            if response["Content-Type"].startswith("text/html") and not response.streaming:
                assert outside(response.content.decode()) == [], name
                seen += 1
    assert seen > 50
    known = {"session", "csrf"}
    assert set(client.cookies) <= known, sorted(client.cookies)
