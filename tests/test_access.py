"""The matrix role × URL × owner × method, generated from the URL configuration (norms D14-D16). What the cells hold is in
tests/access_rules.py (the portal), tests/access_admin.py (the administration), tests/access_visitors.py (who knocks)."""

import os
import re
import uuid
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from security.enums import Role
from tests import access_report
from tests.access_admin import COMMON, TABLES, registered
from tests.access_rules import RULES, Rule, named_urls
from tests.access_visitors import VISITORS, Visitor
from tests.factories.career import full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("D16")]
WRITES = re.compile(
    r"^(INSERT INTO|UPDATE|DELETE FROM) \"(?!django_session|security_accessevent|security_refusedaccess)", re.IGNORECASE
)
ABSENT_ROWS = ("999999999999", "9" * 30, str(uuid.UUID(int=7)))
UNUSED = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")
HEADS = {"owner", "superadmin"}  # enough to know that HEAD answers as GET
SAMPLED = ("head", "support", "medical", "dpo", "it")
SCOPED = {Role.GESTIONNAIRE, Role.HEAD}  # two visitors each
CONFIRMED_BUT_GET = {"security:recovery"}  # asks for the password once more for all but GET
GUEST_STEPS = ("/connexion/", "/premiere-connexion/", "/acces/sortie/")  # one leads back to another
SHUT = {("GET", "owned_action"), ("POST", "owned")}  # 405, whatever the row
SIGN_IN = ("/connexion/", "/gestion/login/?next=")
Cell = tuple[str, str, set[int]]  # address, method, statuses allowed


def test_every_url_has_a_rule_and_every_rule_a_url():
    names = {name for name, _ in named_urls()}
    assert {name for name in names if not name.startswith("admin:")} == set(RULES)
    of_tables = {f"{table}_{verb}" for table in TABLES for verb in (*DJANGO_PAGES, *TABLES[table].own)}
    assert {name.removeprefix("admin:") for name in names if name.startswith("admin:")} == of_tables | set(COMMON) | {
        "app_list",
        "(no name)",  # what is no page of a table: leads to one, or 404
    }
    assert registered() == set(TABLES)
    assert {visitor.role for visitor in VISITORS} - {None} == set(Role) - {Role.TEACHER}


DJANGO_PAGES = ("changelist", "add", "history", "delete", "change")


def test_the_written_matrix_is_up_to_date():
    assert access_report.PAGE.read_text(encoding="utf-8") == access_report.written(), "python3 run.py access"


def portal_cells(visitor: Visitor, owner) -> Iterator[Cell]:
    if visitor.role in SCOPED and not visitor.near:
        return  # the portal knows the owner only: their twins inside the perimeter have seen it
    for name, rule in seen_by(visitor):
        address = reverse(name, kwargs=rule.args(owner))
        opened = opening(rule, visitor)
        yield address, "GET", opened
        if visitor.name in HEADS:
            yield address, "HEAD", {302} if name in CONFIRMED_BUT_GET and visitor.signed_in else opened
        posted = posting(rule, visitor)
        if posted:
            yield address, "POST", posted


def seen_by(visitor: Visitor) -> list[tuple[str, Rule]]:
    """Every page for who is asked everything; one in two, in turn, for the other staff, whom the portal does not tell
    apart. EVERY_CELL=1: every page for everybody."""
    pages = list(RULES.items())
    if visitor.name not in SAMPLED or os.environ.get("EVERY_CELL"):
        return pages
    return pages[SAMPLED.index(visitor.name) % 2 :: 2]


def opening(rule: Rule, visitor: Visitor) -> set[int]:
    """What GET and HEAD may answer."""
    if rule.kind in {"public", "machine"}:
        return {rule.status}
    if rule.kind == "guest":
        return {302} if visitor.signed_in else {rule.status}
    if not visitor.signed_in:
        return {302}
    if rule.kind in {"action", "agent_action", "owned_action"}:
        return {405}
    if rule.with_factor and is_owner(visitor):
        return {rule.with_factor}
    if rule.kind == "signed_in" or (rule.kind == "agent" and visitor.has_file) or is_owner(visitor):
        return {rule.status}
    return {404}


def posting(rule: Rule, visitor: Visitor) -> set[int]:
    """What POST without anything typed may answer; empty where it would act, which other tests follow."""
    if rule.kind in {"public", "guest", "machine"}:
        return set() if rule.posts or rule.post_only else {405}
    if not visitor.signed_in:
        return {302}
    if not (rule.posts or rule.post_only):
        return {405}
    if rule.kind in {"agent", "agent_action"}:
        return set() if visitor.has_file else {404}
    if rule.kind in {"owned", "owned_action"}:
        return set() if is_owner(visitor) else {404}
    return set()


def is_owner(visitor: Visitor) -> bool:
    return visitor.name == "owner"


def admin_cells(visitor: Visitor, owner) -> Iterator[Cell]:
    for name in COMMON.keys() - {"login"}:
        yield reverse(f"admin:{name}"), "GET", {COMMON[name] if visitor.role else 302}
    yield reverse("admin:login"), "GET", {302} if visitor.role or not visitor.signed_in else {403}
    for app in sorted({name.split("_")[0] for name in TABLES}):
        reads = any(visitor.role in table.reads for name, table in TABLES.items() if name.startswith(app))
        yield reverse("admin:app_list", args=[app]), "GET", {302 if not visitor.role else 200 if reads else 404}
    for name in TABLES:
        for address, method, statuses in table_cells(name, visitor, owner):
            yield address, method, statuses if visitor.role else {302}


def table_cells(name: str, visitor: Visitor, owner) -> Iterator[Cell]:
    table = TABLES[name]
    reads, adds, changes = (visitor.role in roles for roles in (table.reads, table.adds, table.changes))
    reaches = visitor.near or not table.files
    row = str(table.row(owner).pk)
    for method in ("GET", "HEAD") if visitor.name in HEADS else ("GET",):
        yield reverse(f"admin:{name}_changelist"), method, {200 if reads else 403}
        yield reverse(f"admin:{name}_add"), method, {200 if adds else 403}
        for verb in ("change", "history"):
            yield reverse(f"admin:{name}_{verb}", args=[row]), method, {403 if not reads else 200 if reaches else 404}
        yield reverse(f"admin:{name}_delete", args=[row]), method, {403}
    if not adds:
        yield reverse(f"admin:{name}_add"), "POST", {403}
    if not changes or not reaches:
        yield reverse(f"admin:{name}_change", args=[row]), "POST", {403} if reaches or not reads else {403, 404}
    yield reverse(f"admin:{name}_delete", args=[row]), "POST", {403}
    yield f"/gestion/{name.replace('_', '/')}/{row}/", "GET", {302}  # Django's short address: to the change page
    for verb, page in table.own.items():
        address = reverse(f"admin:{name}_{verb}", args=[row] if page.of_row else [])
        opens = 404 if reads and not reaches and page.of_row else 200 if visitor.role in page.opens else 403
        yield address, "GET", {page.get_status if page.post_only and opens == 200 else opens, page.get_status}
        if opens != 200:
            yield address, "POST", {opens}


@pytest.mark.req("D14", "D15")
@pytest.mark.parametrize("visitor", VISITORS, ids=lambda visitor: visitor.name)
def test_who_may_what(visitor):
    """Each cell of one visitor. The client of the tests looks at the headers of every answer."""
    owner = full_career()
    client, wrong = visitor.client(owner), []
    for address, method, statuses in [*portal_cells(visitor, owner), *admin_cells(visitor, owner)]:
        with CaptureQueriesContext(connection) as queries:
            response = client.generic(method, address)
        if response.status_code not in statuses:
            wrong.append(f"{method} {address}: {response.status_code}, not {sorted(statuses)}")
        if not visitor.signed_in and response.status_code == 302 and not address.startswith(GUEST_STEPS):
            assert response["Location"].startswith(SIGN_IN), address
        if method != "POST" or response.status_code >= 400:
            wrong += [f"{method} {address} wrote {q['sql'][:80]}" for q in queries if WRITES.match(q["sql"])]
    assert not wrong, "\n".join(wrong)


def skeleton(response) -> tuple[int, str]:
    """Status and page without what changes at each request: nonces, tokens, the address itself."""
    html = (
        response.content.decode()
        .replace(quote(response.request["PATH_INFO"]), "")
        .replace(response.request["PATH_INFO"], "")
    )
    return response.status_code, re.sub(r'nonce="[^"]*"|value="[^"]*"|href="[^"]*"|action="[^"]*"', "", html)


@pytest.mark.parametrize("visitor", [v for v in VISITORS if v.signed_in and v.name != "owner"], ids=lambda v: v.name)
def test_what_belongs_to_another_and_what_does_not_exist_are_the_same(visitor):
    """Keys of every model, in sequence or UUID: same status, same page, by GET and by POST."""
    owner = full_career()
    client = visitor.client(owner)
    for name, rule in RULES.items():
        if rule.kind not in {"owned", "owned_action"}:
            continue
        args = rule.args(owner)
        absent = {key: uuid.uuid4() if isinstance(value, uuid.UUID) else value + 10**6 for key, value in args.items()}
        for method in ("GET", "POST"):
            foreign, missing = (client.generic(method, reverse(name, kwargs=kwargs)) for kwargs in (args, absent))
            assert skeleton(foreign) == skeleton(missing), f"{method} {name}"
            assert foreign.status_code == 404 or (method, rule.kind) in SHUT, name


@pytest.mark.parametrize("visitor", [v for v in VISITORS if v.role], ids=lambda v: v.name)
def test_a_row_out_of_reach_and_a_row_that_does_not_exist_are_the_same(visitor):
    owner = full_career()
    client = visitor.client(owner)
    for name, table in TABLES.items():
        hidden = visitor.role not in table.reads or (table.files and not visitor.near)
        row = str(table.row(owner).pk)
        verbs = ["change", "history", "delete", *(verb for verb, page in table.own.items() if page.of_row)]
        for verb in verbs:
            seen = skeleton(client.get(reverse(f"admin:{name}_{verb}", args=[row]))) if hidden else None
            for absent in ABSENT_ROWS if verb == "change" else ABSENT_ROWS[:1]:
                missing = skeleton(client.get(reverse(f"admin:{name}_{verb}", args=[absent])))
                assert missing[0] in {403, 404, 405}, f"{name} {verb} {absent}"
                if seen is not None:
                    assert missing == seen, f"{name} {verb} {absent}"


def test_no_view_takes_head_for_the_sending_of_a_form():
    """HEAD opens what GET opens: a view that asks « is it GET? » would act on HEAD, which mail scanners send."""
    for folder in ("career", "iprof", "security", "documents", "mobility"):
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            assert not re.search(r'method (==|!=) "GET"|require_GET|methods\(\["GET", "POST"\]\)', source), path


MACHINES = {  # they answer for themselves
    "/api/siae/events": "POST",
    "/api/siae/openapi.json": "GET, HEAD",
    "/api/courriels/retours": "POST",
}


def test_no_page_answers_a_method_it_has_no_use_for():
    owner = full_career()
    addresses = [reverse(name, kwargs=rule.args(owner)) for name, rule in RULES.items()]
    addresses += [reverse(f"admin:{name}_changelist") for name in TABLES]
    for offset, visitor in enumerate(v for v in VISITORS if v.name in HEADS):
        client = visitor.client(owner)
        # The middleware knows no address but the machines': one method each, another each time.
        for number, address in enumerate(addresses):
            method = UNUSED[(number + offset) % len(UNUSED)]
            response = client.generic(method, address)
            assert response.status_code == 405, f"{method} {address}"
            assert response["Allow"] == MACHINES.get(address, "GET, HEAD, POST")
