"""Accounts, habilitations, journal, alerts and corrections in the administration: who may do what (D10, D16, D20, D21)."""

import datetime
import re
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from career.enums import CorrectionState
from iprof.correspondence.models import Alert
from iprof.correspondence.services.alerts import send_alert
from security.enums import AccessKind, Role, ScopeKind
from security.journal import record
from security.models import AccessEvent, Habilitation, User
from tests.access_admin import TABLES
from tests.factories.accounts import HabilitationFactory, UserFactory, staff
from tests.factories.career import AssignmentFactory, CorrectionRequestFactory, EstablishmentFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("D16")]
STAFF = [role for role in Role if role != Role.TEACHER]


@pytest.mark.parametrize("role", STAFF)
def test_the_index_shows_what_one_may_do(client, role):
    client.force_login(staff(role))
    html = client.get(reverse("admin:index")).content.decode()
    for name, table in TABLES.items():
        listed = re.search(rf'href="{re.escape(reverse(f"admin:{name}_changelist"))}["?]', html) is not None
        assert listed == (role in table.reads), name


@pytest.mark.req("D10")
def test_a_new_account_of_staff_chooses_its_password_by_link(client, django_capture_on_commit_callbacks):
    admin = staff(Role.SUPERADMIN)
    client.force_login(admin)
    data = {"username": "hmarchand", "first_name": "Hélène", "last_name": "Marchand", "email": "hm@ac-reims.example"}
    refused = client.post(reverse("admin:security_user_add"), data | {"email": "pas une adresse"})
    assert refused.status_code == 200
    assert 'value="hmarchand"' in refused.content.decode()
    assert client.post(reverse("admin:security_user_add"), data).status_code == 302
    user = User.objects.get(username="hmarchand")
    assert (user.is_staff, user.has_usable_password()) == (True, False)
    assert AccessEvent.objects.filter(kind=AccessKind.ACCOUNT_MANAGED, subject=user, actor=admin).exists()
    assert [message.to for message in mail.outbox] == [["hm@ac-reims.example"]]


@pytest.mark.req("D10")
def test_actions_on_accounts_are_traced_and_spare_one_s_own(client):
    admin, user = staff(Role.SUPERADMIN), UserFactory(username="cible")
    client.force_login(admin)
    for action in ("close", "reopen", "ask_new_password"):
        chosen = {"action": action, "_selected_action": [user.pk, admin.pk]}
        assert client.post(reverse("admin:security_user_changelist"), chosen).status_code == 302
        user.refresh_from_db()
        if action == "close":
            assert not user.is_active
    admin.refresh_from_db()
    assert (admin.is_active, admin.must_change_password) == (True, False)
    assert (user.is_active, user.must_change_password) == (True, True)
    reasons = AccessEvent.objects.filter(subject=user).values_list("reason", flat=True)
    assert set(reasons) == {"Compte fermé", "Compte rouvert", "Nouveau mot de passe exigé"}


def test_an_account_page_writes_nothing(client):
    client.force_login(staff(Role.SUPERADMIN))
    user = UserFactory(username="cible")
    address = reverse("admin:security_user_change", args=[user.pk])
    html = client.get(address).content.decode()
    assert user.password not in html
    assert "activation_digest" not in html
    client.post(address, {"username": "autre", "is_superuser": "on", "password": "x"})
    user.refresh_from_db()
    assert (user.username, user.is_superuser) == ("cible", False)
    assert client.post(reverse("admin:security_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.req("D21")
def test_granting_a_habilitation_gives_the_function_with_the_files(client):
    admin, user = staff(Role.SUPERADMIN), UserFactory(username="nouvelle")
    client.force_login(admin)
    data = {"user": user.pk, "role": Role.GESTIONNAIRE, "scope_kind": ScopeKind.DEPARTEMENT, "starts_on": "01/09/2026"}
    address = reverse("admin:security_habilitation_add")
    for code, said in (("75", "n&#x27;est pas un département"), ("", "n&#x27;est pas un département")):
        refused = client.post(address, data | {"scope_code": code})
        assert said in refused.content.decode()
    assert client.post(address, data | {"scope_code": "51"}).status_code == 302
    habilitation = Habilitation.objects.get(user=user)
    assert habilitation.granted_by == admin
    assert user.groups.filter(name=Role.GESTIONNAIRE).exists()
    head = data | {"role": Role.HEAD, "scope_code": "51"}
    assert "un établissement seulement" in client.post(address, head).content.decode()
    change = reverse("admin:security_habilitation_change", args=[habilitation.pk])
    assert client.post(change, {"ends_on": "31/12/2026", "scope_code": "08"}).status_code == 302
    habilitation.refresh_from_db()
    assert (habilitation.ends_on, habilitation.scope_code) == (datetime.date(2026, 12, 31), "51")
    assert client.post(change, {"ends_on": "31/12/2020"}).status_code == 200  # before its start


@pytest.mark.req("D20", "D21")
def test_the_dpo_reads_the_journal_and_nobody_writes_it(client):
    subject = UserFactory(username="cible")
    event = record(AccessKind.FILE_READ, actor=staff(Role.GESTIONNAIRE), subject=subject, reason="Instruction")
    client.force_login(staff(Role.DPO))
    html = client.get(reverse("admin:security_accessevent_changelist"), {"q": "cible"}).content.decode()
    assert "Instruction" in html
    address = reverse("admin:security_accessevent_change", args=[event.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "Autre"}).status_code == 403
    assert client.post(reverse("admin:security_accessevent_delete", args=[event.pk])).status_code == 403


def test_an_alert_not_sent_is_sent_again_and_its_text_stays_with_its_reader(client):
    user = UserFactory(username="cible")
    alert = send_alert(user=user, kind="carriere.essai", subject="Objet secret", body="Texte secret")
    Alert.objects.update(abandoned_at=timezone.now(), attempts=9)
    client.force_login(staff(Role.IT))
    page = client.get(reverse("admin:correspondence_alert_change", args=[alert.pk])).content.decode()
    assert "secret" not in page
    chosen = {"action": "resend", "_selected_action": [alert.pk]}
    client.post(reverse("admin:correspondence_alert_changelist"), chosen)
    alert.refresh_from_db()
    assert alert.abandoned_at is None
    assert alert.attempts <= 2, "one try is kept, and the sending may have begun"


@pytest.fixture
def asked():
    agent = full_career()
    AssignmentFactory(agent=agent, establishment=EstablishmentFactory(departement="51"), ends_on=None)
    return CorrectionRequestFactory(agent=agent)


@pytest.mark.req("D22")
@pytest.mark.parametrize(
    ("decision", "state"), [("accepter", CorrectionState.ACCEPTED), ("refuser", CorrectionState.REFUSED)]
)
def test_a_request_is_taken_up_then_answered_with_reasons(client, asked, decision, state):
    clerk = staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")
    client.force_login(clerk)
    address = reverse("admin:career_correctionrequest_change", args=[asked.pk])
    assert asked.message in unescape(client.get(address).content.decode())
    assert client.post(address, {"decision": "examiner"}).status_code == 302
    empty = client.post(address, {"decision": decision, "reponse": "  "})
    assert empty.status_code == 400
    assert client.post(address, {"decision": decision, "reponse": "Corrigé dans le SIAE."}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (state, clerk)
    late = client.post(address, {"decision": decision, "reponse": "Encore"})
    assert late.status_code == 409
    assert "Encore" not in late.content.decode()  # no form any more: the answer given is shown
    assert Alert.objects.filter(user=asked.agent.user).count() == 2


@pytest.mark.req("D22")
def test_requests_stay_in_scope_and_the_dpo_only_reads(client, asked):
    address = reverse("admin:career_correctionrequest_change", args=[asked.pk])
    client.force_login(
        HabilitationFactory(user=UserFactory(staff=True, roles=[Role.GESTIONNAIRE]), scope_code="08").user
    )
    assert client.get(address).status_code == 404
    client.force_login(staff(Role.DPO))
    assert client.get(address).status_code == 200
    assert client.post(address, {"decision": "accepter", "reponse": "Oui"}).status_code == 403


def test_late_requests_come_first_and_are_marked(client, asked):
    other = CorrectionRequestFactory(agent=asked.agent, due_on=datetime.date(2020, 1, 1))
    client.force_login(staff(Role.GESTIONNAIRE))
    page = client.get(reverse("admin:career_correctionrequest_changelist"), {"attente": "oui"})
    assert next(iter(page.context["cl"].result_list)) == other
    page = client.get(reverse("admin:career_correctionrequest_changelist"), {"attente": "retard"})
    assert list(page.context["cl"].result_list) == [other]
