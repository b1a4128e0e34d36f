"""What no browser sends, to every address of the portal: a clear answer in French, never a 500 (norms D18, D20)."""

import json
from collections.abc import Callable
from itertools import cycle, islice

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from security.enums import Role
from security.models import AccessEvent
from tests.access_rules import RULES, named_urls
from tests.attacks import FULL, scaled
from tests.attacks.attackers import LOGIN, visitor
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, staff
from tests.factories.career import full_career

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
FIELDS = ("login", "password", "secret", "code", "credential", "email", "next", "password1", "reason", "page", "q")
BOUNDARY = '--b\r\nContent-Disposition: form-data; name="login"\r\n\r\n'
Odd = Callable[[PortalClient, str], object]


def form(body: bytes | str, content_type: str = FORM, **headers: str) -> Odd:
    return lambda client, url: client.generic("POST", url, body, content_type=content_type, headers=headers)


def everywhere(value: str) -> bytes:
    return "&".join(f"{name}={value}" for name in FIELDS).encode()


BODIES: dict[str, Odd] = {
    "one megabyte in a field": form(b"password=" + b"x" * 1_000_000 + b"&login=a"),
    "three megabytes": form(b"x=" + b"y" * 3_000_000),
    "a hundred thousand fields": form("&".join(f"f{n}=1" for n in range(100_000))),
    "bytes that are no UTF-8": form(everywhere("%ff%fe%ed%a0%80")),
    "null bytes": form(everywhere("a%00b")),
    "line breaks": form(everywhere("a%0d%0aSet-Cookie:%20x=1%0d%0aBcc:%20a@b.example")),
    "every field ten times": form(b"&".join([everywhere("1")] * 10)),
    "arrays": form(b"login[]=a&login[x][y]=b&password[]=c&code[$gt]="),
    "deep JSON in a field": form(b"credential=" + b"[" * 15_000),
    "JSON for a form": form(json.dumps({"login": {"$ne": None}}), "application/json"),
    "deep JSON": form("[" * 100_000, "application/json"),
    "no content type": form(b"login=a", ""),
    "an unknown content type": form(b"\x00\x01", "application/x-unknown"),
    "multipart without boundary": form(b"--", "multipart/form-data"),
    "multipart cut": form(BOUNDARY[:30], "multipart/form-data; boundary=b"),
    "multipart with a broken base64": form(
        '--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    "a file for a field": form(
        '--b\r\nContent-Disposition: form-data; name="login"; filename="../../x\x00.php"\r\n\r\nz\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
}
BODIES |= {
    f"an alphabet named {name}": form(f"{BOUNDARY}é\r\n--b--\r\n", f"multipart/form-data; boundary=b; charset={name}")
    for name in ("hex", "idna", "punycode", "utf-16", "undefined", "zlib", "none-such")
}
BODIES["a parameter in an alphabet that is none"] = form(b"login=a", f"{FORM}; a*=none-such''x")
HEADERS: dict[str, dict[str, str]] = {
    "an alphabet that is none, without body": {"content-type": "text/plain; charset=rot13"},
    "a session with a null byte": {
        "cookie": 'session="abcdefgh\\000"; trust="\\000"; device="\\000"; messages="\\000"'
    },
    "cookies of eight kilobytes": {"cookie": f"session={'a' * 8000}; csrf={'b' * 8000}; device={'c' * 8000}"},
    "cookies that are none": {"cookie": '=;;;==="; session; theme="\\377\\377'},
    "languages and formats that are none": {"accept": "*/*;q=x,,/", "accept-language": "é" * 300 + ";q=9"},
    "ranges that are none": {"range": "bytes=9-1,-,x", "if-modified-since": "hier", "if-none-match": '"' * 50},
    "an address of its own": {"x-forwarded-for": "x" * 500, "x-request-id": "\t" * 300, "user-agent": "é" * 5000},
}
ODD: dict[str, Odd] = BODIES | {
    name: (lambda client, url, given=given: client.get(url + "?page=%C3%A9&q=%00%ff", headers=given))
    for name, given in HEADERS.items()
}
ODD |= {
    f"the method {verb}": (lambda client, url, verb=verb: client.generic(verb, url))
    for verb in ("TRACE", "PROPFIND", "X")
}
ALL = list(ODD)
RIGHT = {200, 204, 302, 400, 401, 403, 404, 405, 409, 410, 413, 415, 429}


def plays(addresses: list[tuple[str, object]]) -> list[tuple[str, str, int]]:
    """Each address receives every odd request at full size; one of them, in turn, in the suite."""
    faults, turn = [], cycle(ALL)
    for address, user in addresses:
        for name in ALL if FULL else islice(turn, 1):
            client = visitor()
            if user is not None:
                client.force_login(user)
            response = ODD[name](client, address)
            if response.status_code not in RIGHT:
                faults.append((name, address, response.status_code))
    return faults


@pytest.mark.req("D18")
def test_nothing_odd_breaks_a_public_address(figures):
    agent = full_career()
    addresses = [
        (reverse(name, kwargs=rule.args(agent)), None)
        for name, rule in RULES.items()
        if rule.kind in {"public", "guest", "machine"} and name != "home:health"
    ]
    faults = plays(addresses)
    figures(addresses=len(addresses), odd=len(ALL), faults=len(faults))
    assert faults == []


@pytest.mark.req("D18")
def test_nothing_odd_breaks_the_address_of_a_teacher(figures):
    kinds = {"signed_in", "agent", "owned", "action", "agent_action", "owned_action"}
    common, addresses = full_career(), []
    for name, rule in RULES.items():
        if rule.kind in kinds:
            agent = full_career() if "scenario" in name else common  # its name is unique
            addresses.append((reverse(name, kwargs=rule.args(agent)), agent.user))
    faults = plays(addresses)
    figures(addresses=len(addresses), odd=len(ALL), faults=len(faults))
    assert faults == []


@pytest.mark.req("D18")
def test_nothing_odd_breaks_the_administration(figures):
    addresses = [f"/{route}" for _, route in named_urls() if route.startswith("gestion/") and "<" not in route]
    admin = staff(Role.SUPERADMIN)
    addresses = [(address, admin) for address in addresses if "(" not in address][:: scaled(1, 4)]
    faults = plays(addresses)
    figures(addresses=len(addresses), odd=len(ALL), faults=len(faults))
    assert faults == []


@pytest.mark.req("D18", "D20")
@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("one megabyte in a field", 400, "Un mot de passe compte au plus 300 caractères"),
        ("three megabytes", 413, "trop lourd"),
        ("a hundred thousand fields", 413, "trop lourd"),
        ("null bytes", 400, "caractère"),
        ("multipart without boundary", 400, "n'a pas compris"),
        ("an alphabet named hex", 415, "UTF-8"),
        ("the method X", 405, "attend un formulaire"),
    ],
)
def test_the_answer_is_right_and_clear(client, name, status, said):
    response = ODD[name](client, LOGIN)
    assert response.status_code == status
    assert said in words(response)


@pytest.mark.req("D20")
def test_a_malformed_sign_in_is_journalled_and_slowed(user, clock):
    client = visitor("203.0.113.7")
    for _ in range(scaled(50, 10)):
        client.post(LOGIN, {"login": "mvaldoie", "password": "x" * 301})
        client.post(LOGIN, {"login": "mval\x00doie", "password": PASSWORD})
    lines = AccessEvent.objects.filter(kind="compte.connexion-echouee")
    assert set(lines.values_list("subject__username", flat=True)) == {"mvaldoie"}
    assert lines.count() == 6, "three for each way of writing it, then nothing while it waits"


def test_a_person_with_a_broken_cookie_still_signs_in(user):
    client = visitor()
    client.cookies.load({"session": "x"})
    cookie = 'session="abcdefgh\\000"; device="\\000"'
    response = client.post(LOGIN, {"login": "mvaldoie", "password": PASSWORD}, headers={"cookie": cookie})
    assert (response.status_code, response.headers["Location"]) == (302, "/")


TEXT = st.text(max_size=40) | st.sampled_from(
    ["\x00", "a\r\nb", "\u202e", "\ud800", "x" * 400, "٣٤٥٦٧٨", "1e6", "[]", "{}"]
)
GUEST = {
    LOGIN: ("login", "password", "next", "remember"),
    reverse("security:password_lost"): ("login",),
    reverse("security:activation_start"): ("login", "secret"),
    reverse("security:sign_in_code"): ("code", "action"),
    reverse("security:sign_in_factor"): ("code", "credential", "action"),
}


@pytest.mark.req("D18")
@settings(max_examples=scaled(600, 40))
@given(address=st.sampled_from(sorted(GUEST)), data=st.data())
def test_any_text_in_the_forms_of_sign_in(user, address, data):
    values = {name: data.draw(st.lists(TEXT, max_size=2), label=name) for name in GUEST[address]}
    client = waiting_for_a_step(user) if "connexion/" in address and address != LOGIN else visitor()
    encoded = "&".join(f"{name}={escaped(one)}" for name, many in values.items() for one in many)
    response = client.generic("POST", address, encoded, content_type=FORM)
    assert response.status_code in {200, 302, 400, 429}


def escaped(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


def waiting_for_a_step(user) -> PortalClient:
    type(user).objects.update(reinforced=True)
    client = visitor("203.0.113.9")
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    return client
