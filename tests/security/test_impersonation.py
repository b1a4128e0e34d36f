"""Staff in the place of an agent: for a reason, reading only, on time, traced and told (D10, D16, D19-D21, S84; ADR 0015)."""

import datetime as dt
import logging
import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from documents.services.deposit import Details
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security import tasks
from security.enums import AccessKind, ImpersonationEnd, Role, ScopeKind
from security.impersonation import EXITS, HELD, OPEN, ImpersonationMiddleware
from security.journal import record
from security.models import AccessEvent, Impersonation, OpenSession, User
from security.selectors import reads_by_others, with_visits
from security.selectors_impersonation import recent_impersonations
from security.services_impersonation import begin_impersonation, forget_old_impersonations
from security.stand_in import standing_in
from tests.access_rules import RULES, named_urls
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, HabilitationFactory, UserFactory, staff
from tests.factories.career import AssignmentFactory, EstablishmentFactory, full_career
from tests.factories.documents import kept_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("D16", "D20", "D21", "S84")]
REASON = "L'agent ne voit pas son échelon"
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
END = reverse("security:impersonation_end")


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def agent():
    found = full_career()
    place = EstablishmentFactory(departement="51")
    AssignmentFactory(
        agent=found, establishment=place, uai=place.uai, starts_on=dt.date(2020, 9, 1), ends_on=None, seq=99
    )
    return found


@pytest.fixture
def helper() -> User:
    fields = {"scope_kind": ScopeKind.DEPARTEMENT, "scope_code": "51", "first_name": "Yann", "last_name": "Collet"}
    return staff(Role.SUPPORT, username="ycollet", **fields)


def page_of(agent) -> str:
    return reverse("admin:career_agent_portal", args=[agent.pk])


def signed_in(user: User, *, confirmed: bool = True) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    if confirmed:
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def asked(client: PortalClient, agent, **fields):
    return client.post(page_of(agent), {"motif": "assistance", "precision": REASON} | fields)


@pytest.fixture
def visitor(helper, agent) -> PortalClient:
    """In the place of the agent."""
    client = signed_in(helper)
    assert asked(client, agent).headers["Location"] == "/"
    return client


def banner(response) -> str:
    """The words around the content of the page."""
    found = re.search(r'<section class="stand-in".*?</section>', response.content.decode(), re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def lines(kind: str) -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(kind=kind).order_by("pk"))


def test_the_portal_is_seen_with_a_banner_and_traced_page_by_page(visitor, helper, agent):
    page = visitor.get("/", {"ref": "secret-query"})
    said = banner(page)
    assert page.context["user"] == agent.user
    assert f"à la place de {agent.user.get_full_name()}, en lecture seule" in said
    assert "Vous êtes Yann Collet. Depuis 10:00, jusqu'à 10:15 au plus tard." in said
    assert "Terminer la consultation" in said
    visitor.get(reverse("career:history"))
    seen = lines(AccessKind.IMPERSONATION_PAGE)
    assert [line.detail["page"] for line in seen] == ["home:dashboard", "career:history"]
    assert {(line.actor, line.subject) for line in seen} == {(helper, agent.user)}
    assert all(line.reason == f"Demande d'assistance de l'agent : {REASON}" for line in seen)
    assert "secret-query" not in str([line.detail for line in seen])
    assert Impersonation.objects.get().pages == 2


def test_the_documents_an_agent_keeps_stay_unread(visitor, agent):
    """Not even the title of one that has expired, which may tell of a health (D21)."""
    told = Details("rqth", "Rqth_Fictive", dt.date(2020, 1, 1), dt.date(2021, 1, 1))
    kept_document(agent.user, told)
    own = signed_in(agent.user, confirmed=False).get("/").content.decode()
    assert "Rqth_Fictive" in own
    assert "Rqth" not in visitor.get("/").content.decode()


def test_the_agent_is_told_and_reads_who_why_when_and_how_much(visitor, agent, now):
    visitor.get("/")
    now.move_to(NOW + dt.timedelta(minutes=4))
    visitor.post(END)
    alert = Alert.objects.get(user=agent.user, kind="compte.vue-agent")
    assert alert.link == reverse("security:file_reads")
    assert "Collet" not in alert.body
    assert REASON not in alert.body
    owner = PortalClient()
    owner.force_login(agent.user)
    said = words(owner.get(alert.link))
    assert "Yann Collet Portail consulté à votre place, en lecture seule" in said
    assert f"Demande d'assistance de l'agent : {REASON} De 10:00 à 10:04, 1 page vue" in said


def test_one_more_query_tells_any_number_of_visits(visitor, agent, helper):
    for _ in range(3):
        visitor.post(END)
        asked(visitor, agent)
    with CaptureQueriesContext(connection) as queries:
        found = with_visits(reads_by_others(agent.user))
    assert len(queries) == 2
    assert len([event for event in found if event.visit]) == 4


# --- What stays closed ----------------------------------------------------------------------------------------------


def test_what_is_open_exists():
    assert OPEN <= set(RULES)
    assert set(EXITS) <= set(RULES)


def test_every_page_not_listed_and_every_write_is_refused(visitor, agent):
    """The matrix of the URL configuration, in one visit; and none of it gives the agent as the author of anything."""
    addresses = {name: reverse(name, kwargs=rule.args(agent)) for name, rule in RULES.items()}
    theirs = AccessEvent.objects.filter(actor=agent.user)
    wrong, before, own = [], AccessEvent.objects.count(), theirs.count()  # what the rows of the matrix took to make
    for name, address in addresses.items():
        if name not in EXITS and visitor.post(address).status_code != 403:
            wrong.append(f"post {name}")
        response = visitor.get(address)
        if response.status_code not in ({200, 302} if name in OPEN else {403}):
            wrong.append(f"get {name}: {response.status_code}")
        if "attachment" in response.headers.get("Content-Disposition", ""):
            wrong.append(f"file {name}")
    assert wrong == []
    assert Impersonation.objects.get().ended_at is None
    assert AccessEvent.objects.count() > before
    assert theirs.count() == own


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace", "propfind"])
def test_no_method_that_writes_passes(method, monkeypatch):
    monkeypatch.setattr("security.impersonation.render", lambda *args, status, **kwargs: HttpResponse(status=status))
    middleware = ImpersonationMiddleware(lambda request: HttpResponse())
    for name in RULES:
        request = RequestFactory().generic(method.upper(), "/")
        request.impersonation, request.resolver_match = object(), SimpleNamespace(view_name=name)
        assert middleware.process_view(request, None, (), {}).status_code == 403, name


def test_the_administration_is_out_of_reach(visitor, agent):
    addresses = [
        "/" + route
        for name, route in named_urls()
        if route.startswith("gestion/") and "<" not in route and "(" not in route
    ]
    assert len(addresses) > 10
    for address in addresses:
        assert visitor.get(address).status_code == 403, address
    for name in ("change", "portal", "numen"):
        assert visitor.get(reverse(f"admin:career_agent_{name}", args=[agent.pk])).status_code == 403
    assert asked(visitor, full_career()).status_code == 403
    assert Impersonation.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    [
        "security:account", "security:profile", "security:file_reads", "security:password_change", "security:second_step",
        "security:totp_add", "security:recovery", "account_reauthenticate", "career:history_pdf", "career:history_csv",
        "career:cv_pdf", "career:cv_json", "career:projection_pdf", "career:correction_detail",
        "career:appraisal_detail", "correspondence:alert_list",
    ],
)  # fmt: skip
def test_security_files_and_messages_are_closed_by_name(name):
    assert name in RULES
    assert name not in OPEN


def test_the_refusal_says_why(visitor):
    refused = visitor.post(reverse("security:extend"))
    assert "rien ne s'y enregistre" in words(refused)
    assert "Terminer la consultation" in banner(refused)
    assert "n'est ouverte qu'à l'agent lui-même" in words(visitor.get(reverse("security:account")))


def test_a_service_that_names_the_agent_writes_the_staff(helper, agent):
    visit = begin(helper, agent.user)
    with standing_in(visit):
        line = record(AccessKind.FILE_EXPORT, actor=agent.user, subject=agent.user)
        other = record(AccessKind.FILE_EXPORT, actor=helper, subject=agent.user)
    assert (line.actor, line.actor_label, line.detail) == (helper, "Yann Collet", {"visit": str(visit.public_id)})
    assert other.detail == {}
    assert record(AccessKind.FILE_EXPORT, actor=agent.user, subject=agent.user).actor == agent.user


def test_the_logs_name_the_staff(visitor, helper, agent, caplog):
    caplog.set_level(logging.INFO)
    visitor.get("/")
    said = [r.msg for r in caplog.records if isinstance(r.msg, dict) and r.msg.get("event", "").startswith("request_")]
    assert {(line["user_id"], line["impersonated_id"]) for line in said} == {(helper.pk, agent.user.pk)}
    assert len(said) == 2


# --- Who may, of whom -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.TEACHER, Role.SUPPORT, Role.SUPERADMIN}])
def test_the_other_roles_may_not(agent, role):
    place = agent.assignments.filter(ends_on=None, cancelled=False).order_by("-seq").first()
    scope = {"scope_kind": ScopeKind.ESTABLISHMENT, "scope_code": place.uai} if role == Role.HEAD else {}
    user = staff(role, **scope)
    client = signed_in(user)
    assert asked(client, agent).status_code == 403
    assert client.get(page_of(agent)).status_code == 403
    assert not Impersonation.objects.exists()


def test_out_of_the_perimeter_or_of_the_dates_it_does_not_exist(agent):
    for login, code, ends_on in (("ardennes", "08", None), ("avant", "51", dt.date(2026, 11, 23))):
        user = staff(Role.SUPPORT, username=login, scope_kind=ScopeKind.DEPARTEMENT, scope_code=code)
        user.habilitations.update(ends_on=ends_on)
        assert asked(signed_in(user), agent).status_code == 404
    assert not Impersonation.objects.exists()


def test_the_perimeter_is_that_of_the_role_not_of_the_person(agent):
    """Manager of the agent's département, support of another: the file, not the portal."""
    user = staff(Role.GESTIONNAIRE, username="deux", scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")
    user.groups.add(*staff(Role.SUPPORT, scope_kind=ScopeKind.DEPARTEMENT, scope_code="08").groups.all())
    HabilitationFactory(user=user, role=Role.SUPPORT, scope_kind=ScopeKind.DEPARTEMENT, scope_code="08")
    client = signed_in(user)
    assert client.get(reverse("admin:career_agent_change", args=[agent.pk])).status_code == 200
    assert asked(client, agent).status_code == 403


def test_the_password_is_asked_again_first(helper, agent, now):
    client = signed_in(helper, confirmed=False)
    now.move_to(NOW + dt.timedelta(minutes=6))
    assert client.get(page_of(agent)).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert asked(client, agent).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"motif": ""}, "Choisissez un motif"),
        ({"motif": "curiosite"}, "Choisissez un motif"),
        ({"precision": "  court  "}, "Dites pourquoi en 10 à 200 caractères"),
        ({"precision": "a" * 201}, "Dites pourquoi en 10 à 200 caractères"),
        ({"precision": "\x00" * 20}, "Dites pourquoi en 10 à 200 caractères"),
    ],
)
def test_without_motive_or_reason_nothing_begins(helper, agent, fields, sentence):
    response = asked(signed_in(helper), agent, **fields)
    assert response.status_code == 400
    assert sentence in words(response)
    typed = fields.get("precision", REASON).replace("\x00", "")
    assert response.context["reason"] == typed
    assert not Impersonation.objects.exists()


def begin(by: User, subject: User, **fields) -> Impersonation:
    given = {"motive": "assistance", "reason": REASON, "not_after": timezone.now() + dt.timedelta(hours=1)}
    return begin_impersonation(staff=by, subject=subject, **given | fields)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_staff": True}, "impersonation_staff"),
        ({"is_superuser": True}, "impersonation_staff"),
        ({"is_active": False}, "impersonation_closed"),
        ({"activated_at": None}, "impersonation_closed"),
    ],
)
def test_neither_staff_nor_closed_accounts(helper, agent, change, code):
    User.objects.filter(pk=agent.user_id).update(**change)
    with pytest.raises(DomainError, match=code):
        begin(helper, User.objects.get(pk=agent.user_id))
    assert asked(signed_in(helper), agent).status_code == 400


def test_neither_oneself_nor_whoever_is_habilitated_nor_twice_over(helper, agent):
    with pytest.raises(DomainError, match="impersonation_own"):
        begin(helper, helper)
    HabilitationFactory(user=agent.user)
    with pytest.raises(DomainError, match="impersonation_staff"):
        begin(helper, agent.user)
    request = RequestFactory().get("/")
    request.impersonation = object()
    with pytest.raises(DomainError, match="impersonation_nested"):
        begin(helper, UserFactory(username="autre"), request=request)


# --- Its time -------------------------------------------------------------------------------------------------------


def test_activity_does_not_move_the_limit(visitor, agent, helper, now):
    for minute in (5, 10, 14):
        now.move_to(NOW + dt.timedelta(minutes=minute))
        assert visitor.get("/").context["user"] == agent.user
    now.move_to(NOW + dt.timedelta(minutes=15))
    back = visitor.get("/")
    assert back.headers["Location"] == reverse("admin:career_agent_change", args=[agent.pk])
    assert "a pris fin" in words(visitor.get(back.headers["Location"]))
    visit = Impersonation.objects.get()
    assert (visit.ended_at, visit.end_cause, visit.pages) == (visit.ends_at, ImpersonationEnd.EXPIRED, 3)
    (end,) = lines(AccessKind.IMPERSONATION_ENDED)
    assert (end.actor, end.subject, end.detail["pages"]) == (helper, agent.user, 3)


def test_what_is_sent_after_the_limit_is_done_in_nobodys_name(visitor, helper, now):
    now.move_to(NOW + dt.timedelta(minutes=16))
    before = OpenSession.objects.count()
    assert visitor.post(reverse("security:session_end_others")).status_code == 302
    assert OpenSession.objects.count() == before
    assert not lines(AccessKind.SESSION_ENDED)
    assert visitor.get("/").context["user"] == helper


def test_the_absolute_limit_of_the_session_still_counts(helper, agent, now):
    client = signed_in(helper)
    for half in range(1, 16):
        now.move_to(NOW + dt.timedelta(minutes=28 * half))
        client.post(reverse("security:extend"))
    now.move_to(NOW + dt.timedelta(hours=7, minutes=20))
    client.post(reverse("security:extend"))
    now.move_to(NOW + dt.timedelta(hours=7, minutes=48))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    asked(client, agent)
    assert Impersonation.objects.get().ends_at == NOW + dt.timedelta(hours=8)


def test_a_browser_that_never_comes_back(visitor, now):
    now.move_to(NOW + dt.timedelta(minutes=14))
    assert tasks.end_overdue_impersonations() == 0
    now.move_to(NOW + dt.timedelta(minutes=20))
    assert tasks.end_overdue_impersonations() == 1
    assert tasks.end_overdue_impersonations() == 0
    visit = Impersonation.objects.get()
    assert (visit.ended_at, visit.end_cause) == (visit.ends_at, ImpersonationEnd.EXPIRED)
    assert len(lines(AccessKind.IMPERSONATION_ENDED)) == 1
    assert visitor.get("/").status_code == 302


@pytest.mark.parametrize("what", ["role", "habilitation", "agent closed", "agent becomes staff"])
def test_a_right_withdrawn_ends_it_at_the_next_page(visitor, helper, agent, what):
    match what:
        case "role":
            helper.groups.clear()
        case "habilitation":
            helper.habilitations.update(ends_on=dt.date(2026, 11, 23))
        case "agent closed":
            User.objects.filter(pk=agent.user_id).update(is_active=False)
        case _:
            User.objects.filter(pk=agent.user_id).update(is_staff=True)
    assert visitor.get(reverse("career:history")).status_code == 302
    assert Impersonation.objects.get().end_cause == ImpersonationEnd.WITHDRAWN


def test_staff_whose_account_is_closed_sees_nothing_more(visitor, helper):
    User.objects.filter(pk=helper.pk).update(is_active=False)
    assert visitor.get("/", follow=True).redirect_chain[-1][0].startswith("/connexion/")


def test_signing_out_ends_it_and_is_the_staffs_own(visitor, helper, agent):
    visitor.post(reverse("account_logout"))
    assert Impersonation.objects.get().end_cause == ImpersonationEnd.SIGNED_OUT
    (line,) = lines(AccessKind.SIGNED_OUT)
    assert (line.actor, line.subject) == (helper, helper)
    assert visitor.get("/").status_code == 302


def test_elsewhere_a_second_one_ends_the_first(visitor, helper, agent):
    other = signed_in(helper)
    asked(other, agent)
    assert [visit.end_cause for visit in Impersonation.objects.order_by("pk")] == [ImpersonationEnd.REPLACED, ""]
    assert visitor.get("/").status_code == 302
    assert other.get("/").context["user"] == agent.user


# --- The session ----------------------------------------------------------------------------------------------------


def key(client: PortalClient) -> str:
    return client.cookies["session"].value


def test_each_turn_has_a_new_key_and_old_cookies_open_nothing(helper, agent):
    client = signed_in(helper)
    before = key(client)
    asked(client, agent)
    during = key(client)
    client.get("/")
    client.post(END)
    after = key(client)
    assert len({before, during, after}) == 3
    for old in (before, during):
        stale = PortalClient()
        stale.cookies["session"] = old
        assert stale.get("/").status_code == 302
    assert client.get("/").context["user"] == helper
    assert OpenSession.objects.get(user=helper).session_key == after
    assert not OpenSession.objects.filter(user=agent.user).exists()


def test_forms_of_one_side_do_not_serve_on_the_other(helper, agent):
    client = signed_in(helper)
    client.get("/")
    before = client.cookies["csrf"].value
    asked(client, agent)
    during = client.cookies["csrf"].value
    client.get("/")
    client.post(END)
    assert len({before, during, client.cookies["csrf"].value}) == 3


def test_a_session_that_names_somebody_elses_visit_is_refused(visitor, agent):
    visit = Impersonation.objects.get()
    thief = signed_in(UserFactory(username="voleur"))
    session = thief.session
    session[HELD] = {"visit": str(visit.public_id), "back": "/"}
    session.save()
    assert thief.get(reverse("career:history")).status_code == 302
    assert thief.get("/").context["user"].username == "voleur"
    visit.refresh_from_db()
    assert visit.ended_at is None


def test_neither_sign_in_nor_session_is_counted_to_the_agent(visitor, agent):
    visitor.get("/")
    kinds = set(AccessEvent.objects.filter(subject=agent.user).values_list("kind", flat=True))
    assert kinds == {AccessKind.IMPERSONATION_BEGAN, AccessKind.IMPERSONATION_PAGE}
    assert User.objects.get(pk=agent.user_id).last_login is None


def test_whoever_is_oneself_pays_no_query(agent):
    client = PortalClient()
    client.force_login(agent.user)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("home:help"))
    assert not [query for query in queries if "impersonation" in query["sql"]]


def test_ending_without_a_visit_leads_home(agent):
    client = PortalClient()
    client.force_login(agent.user)
    assert client.post(END).headers["Location"] == "/"


# --- What is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": NOW + dt.timedelta(minutes=15, seconds=1)},
        {"ends_at": NOW},
        {"ended_at": NOW + dt.timedelta(minutes=1)},
        {"end_cause": ImpersonationEnd.ASKED},
        {"ended_at": NOW + dt.timedelta(minutes=16), "end_cause": ImpersonationEnd.ASKED},
        {"reason": ""},
    ],
)
def test_the_database_holds_the_rules(helper, agent, wrong):
    visit = begin(helper, agent.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Impersonation.objects.filter(pk=visit.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Impersonation.objects.filter(pk=visit.pk).update(staff=agent.user)


@pytest.mark.req("D19")
def test_rows_leave_with_their_traces(helper, agent, now):
    begin(helper, agent.user)
    now.move_to(NOW + dt.timedelta(minutes=20))
    tasks.end_overdue_impersonations()
    assert forget_old_impersonations(on=dt.date(2029, 11, 24)) == 0
    assert forget_old_impersonations(on=dt.date(2029, 11, 25)) == 1


def test_the_list_and_its_figures(visitor, helper, agent, now):
    visitor.get("/")
    figures = {node.label: node.value for node in recent_impersonations()}
    assert figures == {"Consultations en 30 jours": 1, "Pages vues en 30 jours": 1, "En cours": 1}
    later = {node.label: node.value for node in recent_impersonations(now=NOW + dt.timedelta(days=31))}
    assert set(later.values()) == {0}
    client = PortalClient()
    client.force_login(staff(Role.DPO))
    page = client.get(reverse("admin:security_impersonation_changelist"))
    said = words(page)
    assert REASON in said
    assert "Consultations en 30 jours" in said
    assert "en cours" in said
    assert (
        client.get(reverse("admin:security_impersonation_change", args=[Impersonation.objects.get().pk])).status_code
        == 200
    )


def test_the_file_offers_it_to_those_who_may(helper, agent):
    address = reverse("admin:career_agent_change", args=[agent.pk])
    assert page_of(agent) in signed_in(helper).get(address).content.decode()
    clerk = staff(Role.GESTIONNAIRE)
    assert page_of(agent) not in signed_in(clerk).get(address).content.decode()
