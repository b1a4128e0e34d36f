"""The matrix role × URL × owner, generated from the URL configuration (norms D14-D16), and what no request may do."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from security.enums import Role
from tests.access_rules import RULES, named_urls
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career

pytestmark = pytest.mark.django_db
STAFF = [role for role in Role if role != Role.TEACHER]
VISITORS = ["anonymous", "owner", "other teacher", "no file", *STAFF]
OWN_PAGES = {"gestion/password_change/", "gestion/logout/"}  # lead to the portal's own, open to whoever is signed in
WRITES = re.compile(r"^(INSERT INTO|UPDATE|DELETE FROM) \"(?!django_session|security_accessevent)", re.IGNORECASE)


def test_every_url_has_a_rule_and_every_rule_a_url():
    names = {name for name, _ in named_urls() if not name.startswith("admin:")}
    assert names == set(RULES)


def client_of(visitor: str, owner) -> PortalClient:
    client = PortalClient()
    match visitor:
        case "anonymous":
            return client
        case "owner":
            user = owner.user
        case "other teacher":
            user = full_career().user
        case "no file":
            user = UserFactory(username="sansdossier")
        case role:
            user = staff(Role(role))
    client.force_login(user)
    return client


def expected(kind: str, visitor: str, status: int) -> set[int]:
    signed_in, has_file = visitor != "anonymous", visitor in {"owner", "other teacher"}
    match kind:
        case "public" | "machine":
            return {status}
        case "guest":
            return {302} if signed_in else {status}
        case "signed_in":
            return {status} if signed_in else {302}
        case "agent":
            return {status} if has_file else {404} if signed_in else {302}
        case "owned":
            return {status} if visitor == "owner" else {404} if signed_in else {302}
        case "action":
            return {405} if signed_in else {302}
        case "owned_action":
            return {405, 404} if signed_in else {302}
    raise AssertionError(kind)


@pytest.mark.req("D14", "D15", "D16")
@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("name", RULES)
def test_who_may_open_what(name, visitor):
    rule = RULES[name]
    owner = full_career()
    address = reverse(name, kwargs=rule.args(owner))
    client = client_of(visitor, owner)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code in expected(rule.kind, visitor, rule.status), f"{visitor} on {address}"
    if response.status_code == 302 and visitor == "anonymous" and rule.kind != "guest":
        assert response.headers["Location"].startswith("/connexion/")
    if name != "home:display":
        assert [q["sql"] for q in queries if WRITES.match(q["sql"])] == [], "GET never writes"


@pytest.mark.req("D16")
@pytest.mark.parametrize("visitor", ["anonymous", "owner", "no file"])
def test_the_admin_is_closed_to_all_but_staff(visitor):
    client = client_of(visitor, full_career())
    for _, route in named_urls():
        if not route.startswith("gestion/") or "<" in route or "(" in route or route in OWN_PAGES:
            continue
        response = client.get("/" + route, follow=True)  # a loop of redirects would fail here
        if visitor == "anonymous":
            assert response.redirect_chain[-1][0].startswith("/connexion/"), route
        else:
            assert response.status_code in {403, 404}, route


TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
ODD = st.sampled_from(
    ["", "0", "-1", "9" * 40, "null", "é", "\u202e", "<script>", "' OR 1=1 --", "../..", "\x00", "2026-02-30"]
)
NAMES = ["nature", "annee", "ordre", "page", "ref", "message", "etape", "next", "suite", "theme", "login", "password",
         "secret", "password1", "password2", "current", "email", "fin", "kind", "q", "rubrique", "action", "version", "title", "starts"]  # fmt: skip


@pytest.mark.req("S14")
@pytest.mark.parametrize("name", RULES)
@settings(max_examples=12)
@given(data=st.dictionaries(st.sampled_from(NAMES), TEXT | ODD, max_size=6), post=st.booleans())
def test_no_parameter_breaks_a_page(name, data, post):
    owner = full_career()
    rule = RULES[name]
    client = client_of("anonymous" if rule.kind == "guest" else "owner", owner)
    address = reverse(name, kwargs=rule.args(owner))
    response = client.post(address, data) if post else client.get(address, data)
    assert response.status_code < 500


@pytest.mark.req("D16")
@pytest.mark.parametrize(
    "name", [name for name, rule in RULES.items() if rule.kind in {"owned", "action"} and rule.args]
)
def test_nobody_acts_on_what_belongs_to_someone_else(name):
    owner = full_career()
    args = RULES[name].args(owner)
    if not args:
        return  # acts on the visitor's own account: nothing in the address names anybody
    client = client_of("other teacher", owner)
    assert client.post(reverse(name, kwargs=args)).status_code in {404, 405}
