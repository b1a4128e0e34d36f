"""Field by field: what a form takes, what it ignores, what each role reads of a file (norm D16; ASVS 8.2.3, 15.3.3)."""

import datetime as dt
import re
import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models, transaction
from django.urls import resolve, reverse

from career.models import Agent
from iprof.web.crypto import lookup_digest, seal
from security.enums import Role
from security.models import User
from security.policies import FIELDS, AgentField
from tests.access_admin import TABLES
from tests.access_fields import ADMIN_FORMS, FORMS, Form
from tests.access_rules import RULES
from tests.access_visitors import VISITORS
from tests.career.feed.messages import numen
from tests.client import PortalClient
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.correspondence import ReportFactory
from tests.test_fuzz_forms import Forms

pytestmark = [pytest.mark.django_db, pytest.mark.req("D16")]
OWN_APPS = ("security", "career", "correspondence", "documents", "mobility", "account", "mfa", "idp")
LEFT_TO_DJANGO = {"admin_password", "admin_logout"}  # redirections
BUTTONS = {"csrfmiddlewaretoken", "_save", "_continue", "_addanother", "_saveasnew"}


def confirmed(user: User) -> PortalClient:
    """Signed in, having just proved again who one is: the pages that ask for it are open."""
    client = PortalClient()
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()
    return client


def posted_fields(client: PortalClient, page: str) -> dict[str, set[str]]:
    """URL name -> names of the fields of the POST forms of a page."""
    response, parser, found = client.get(page), Forms(), {}
    if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
        parser.feed(response.content.decode())
    for method, action, names in parser.found:
        if method == "post":
            target = resolve(urlsplit(urljoin(page, action or page)).path).view_name
            names = {re.sub(r"^(\w+)-(\d+|__prefix__)-", r"\1-", name) for name in names}  # rows of a formset
            found.setdefault(target, set()).update(names - BUTTONS)
    return found


def test_every_url_that_takes_a_form_says_which_fields():
    takes = {name for name, rule in RULES.items() if (rule.posts or rule.post_only) and rule.kind != "machine"}
    assert set(FORMS) == takes - LEFT_TO_DJANGO


def test_no_page_of_the_portal_sends_another_field():
    owner = full_career()
    pages = {name: reverse(name, kwargs=rule.args(owner)) for name, rule in RULES.items()}
    EmailAddress.objects.create(user=owner.user, email="maelle@exemple.fr")
    seen: dict[str, set[str]] = {}
    for client, kinds in (
        (PortalClient(), {"public", "guest"}),
        (confirmed(owner.user), {"signed_in", "agent", "owned"}),
    ):
        for name in (name for name, rule in RULES.items() if rule.kind in kinds):
            found = posted_fields(client, pages[name])
            assert not found or "public" in kinds or "account_logout" in found, f"{name}: no way to sign out"
            for target, fields in found.items():
                seen.setdefault(target, set()).update(fields)
    assert {
        name: sorted(fields - FORMS[name].fields) for name, fields in seen.items() if fields - FORMS[name].fields
    } == {}
    assert len(seen) > 25


def hostile(form: Form, stranger: User) -> dict[str, Any]:
    """Every column of every table under its own name, with a value that would harm; the fields of the form aside."""
    found: dict[str, Any] = {
        "is_staff": "on",
        "groups": "6",
        "owner": stranger.pk,
        "points": "999",
        "role": "superadmin",
    }
    for model in apps.get_models():
        for field in model._meta.concrete_fields if model._meta.app_label in OWN_APPS else ():
            for name in (field.name, field.attname):
                found[name] = harm(field, stranger)
    return {name: value for name, value in found.items() if name not in form.fields}


def harm(field: models.Field, stranger: User) -> Any:
    if isinstance(field, models.ForeignKey):
        return stranger.pk
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateField):
        return "2001-01-01"
    if field.choices:
        return field.choices[-1][0]
    return "99" if isinstance(field, models.IntegerField | models.DecimalField) else "Pirate"


CHANGES_EACH_TIME = (models.UUIDField, models.BinaryField, models.AutoField)
KNOWN_BY = {"user": "__username", "agent": "__matricule"}  # keys of new rows differ from one try to the next
CHANCE = {"password", "mark", "session_key", "request_id", "key_digest", "data", "message_id", "id", "secret"}


def dump() -> list[str]:
    """Every row of our tables, without what time and chance write: a row is known by whom it is about."""
    rows = []
    for model in apps.get_models():
        if model._meta.app_label in OWN_APPS:
            kept = [
                field.name + KNOWN_BY.get(field.related_model._meta.model_name, "") if field.is_relation else field.name
                for field in model._meta.concrete_fields
                if not isinstance(field, CHANGES_EACH_TIME)
                and field.name not in CHANCE
                and (not field.is_relation or field.related_model._meta.model_name in KNOWN_BY)
            ]
            rows += [without_chance(f"{model.__name__} {_timeless(row)}") for row in model.objects.values(*kept)]
    return sorted(rows)


def without_chance(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[0-9]+(?=/)", "a key", text)


def _timeless(row: dict[str, Any]) -> dict[str, Any]:
    return {name: "an hour" if isinstance(value, dt.datetime) else value for name, value in row.items()}


class Undo(Exception):
    """Rolls back what was tried."""


def tried(user: User, address: str, data: dict[str, Any] | None) -> tuple[Any, list[str]]:
    """(status, destination) and the tables after a sending, or after signing in alone; all is then as before."""
    try:
        with transaction.atomic():
            client = confirmed(user)
            response = client.get(address) if data is None else client.post(address, data)
            raise Undo((response.status_code, without_chance(response.headers.get("Location", ""))), dump())
    except Undo as done:
        return done.args


def mass_assigned(user: User, sendings: list[tuple[str, Form, dict[str, Any]]], stranger: User) -> list[str]:
    """The forms whose other fields change something."""
    _, before = tried(user, reverse("home:help"), None)
    wrong = []
    for address, form, data in sendings:
        plain, after = tried(user, address, data)
        if plain[0] >= 400 or (after != before) is not form.writes:
            wrong.append(f"{address}: the sending does not do what is said, {plain}")
        status, harmed = tried(user, address, data | hostile(form, stranger))
        if status != plain or harmed != after:
            wrong.append(f"{address}: {status}, {sorted(set(harmed) ^ set(after))}")
    return wrong


QUIET = {"account_logout", "account_login"}


def test_no_form_of_the_portal_writes_a_field_it_does_not_have():
    """The same sending, once plain and once with every column of every table: the tables end alike."""
    owner, stranger = full_career(), full_career().user
    addresses = {name: reverse(name, kwargs=RULES[name].args(owner)) for name in FORMS}
    EmailAddress.objects.create(user=owner.user, email="maelle@exemple.fr")
    sendings = [
        (addresses[name], form, form.sends(owner))
        for name, form in FORMS.items()
        if form.sends is not None and name not in QUIET
    ]
    wrong = mass_assigned(owner.user, sendings, stranger)
    assert not wrong, "\n".join(wrong)


def admin_address(name: str, owner) -> str:
    table, _, verb = name.rpartition("_")
    return reverse(f"admin:{name}", args=[] if verb in {"add", "groups"} else [TABLES[table].row(owner).pk])


def test_no_form_of_the_administration_writes_a_field_it_does_not_have():
    owner, stranger = full_career(), full_career().user
    admin = staff(Role.SUPERADMIN)
    ReportFactory()
    Agent.objects.filter(pk=owner.pk).update(
        numen_sealed=seal(numen(7), context="numen"), numen_digest=lookup_digest(numen(7), context="numen")
    )
    sendings = [
        (admin_address(name, owner), form, form.sends(owner))
        for name, form in ADMIN_FORMS.items()
        if form.sends is not None
    ]
    assert mass_assigned(admin, sendings, stranger) == []


@pytest.mark.parametrize("visitor", [v for v in VISITORS if v.role], ids=lambda v: v.name)
def test_who_may_type_what_in_the_administration(visitor):
    """Readers find no form; those who change find its fields and no other."""
    owner = full_career()
    ReportFactory()
    client = visitor.client(owner)
    for name in TABLES:
        for page in admin_pages(name, owner):
            for target, fields in posted_fields(client, page).items():
                if fields:  # Django draws a form without field round what is only read
                    target = target.removeprefix("admin:")
                    assert may_send(visitor.role, target), f"{visitor.name} types in {target}"
                    assert fields <= ADMIN_FORMS[target].fields, f"{target}: {sorted(fields)}"


def admin_pages(name: str, owner) -> list[str]:
    row = TABLES[name].row(owner).pk
    own = [
        reverse(f"admin:{name}_{verb}", args=[row] if page.of_row else []) for verb, page in TABLES[name].own.items()
    ]
    return [reverse(f"admin:{name}_change", args=[row]), reverse(f"admin:{name}_add"), *own]


def may_send(role: Role, target: str) -> bool:
    name, _, verb = target.rpartition("_")
    table = TABLES[name]
    return (
        role in {"add": table.adds, "change": table.changes}.get(verb) or ()
        if verb in {"add", "change"}
        else role in table.own[verb].opens
    )


CANARIES = {
    AgentField.NAME: "Durand",
    AgentField.CORPS: "certifi",
    AgentField.DISCIPLINE: "Histoire-géographie",
    AgentField.ESTABLISHMENT: "Collège des Trois-Fontaines",
    AgentField.MATRICULE: "A7777777",
    AgentField.LOGIN: "identifiant-canari",
    AgentField.BIRTH: "Lefort",
    AgentField.ADDRESS: "3 rue des Tilleuls",
    AgentField.PHONE: "06 00 00 00 17",
    AgentField.STEPS: "6e échelon",
    AgentField.EVALUATIONS: "Inspecteur d'académie",
    AgentField.DIPLOMAS: "Master MEEF second degré",
    AgentField.TRAININGS: "Évaluer pour faire progresser",
    AgentField.ARRETES: "Avancement d'échelon",
    AgentField.FAMILY: "Mariage",
}
SECRETS = ("password", "activation_digest", "numen_digest")


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.HEAD, Role.SUPERADMIN])
def test_what_each_role_reads_of_a_file(role):
    """A word of each part of the file: shown to those whose role holds the part, nowhere in the page for the others."""
    owner = full_career(matricule="A7777777", phone="06 00 00 00 17", user__username="identifiant-canari")
    visitor = next(v for v in VISITORS if v.role == role and v.near)
    client = visitor.client(owner)
    text = client.get(reverse("admin:career_agent_change", args=[owner.pk])).content.decode().replace("&#x27;", "'")
    listed = client.get(reverse("admin:career_agent_changelist")).content.decode()
    for part, word in CANARIES.items():
        assert (word in text) is (part in FIELDS[role]), f"{role} {part}"
        assert part in FIELDS[role] or word not in listed, f"{role} {part} in the list"
    for name in SECRETS:
        value = getattr(owner.user if hasattr(owner.user, name) else owner, name)
        assert not value or value not in text + listed
