"""A lost second factor: asked with the password and the mailbox, the identity checked by people, a day to cancel (S25, D17)."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from kombu.exceptions import OperationalError

from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security import tasks, tokens
from security.enums import AccessKind, AccountChange, LossState, Role, ScopeKind
from security.models import AccessEvent, FactorLoss, OpenSession, TrustedBrowser, User
from security.services_factors import new_recovery_codes
from security.services_loss import apply_due, approve, ask_loss, check_identity, forget_old_losses, refuse
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, AuthenticatorFactory, TrustedBrowserFactory, UserFactory, staff
from tests.factories.career import AgentFactory, AssignmentFactory
from tests.security.test_factors import code_at

pytestmark = [pytest.mark.django_db, pytest.mark.req("S25", "D17", "D09")]
LOGIN, FACTOR, LOSS = reverse("account_login"), reverse("security:sign_in_factor"), reverse("security:factor_loss")
OUTSIDE = "203.0.113.9"
NOW = datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC)
DAY = datetime.timedelta(hours=24)


@pytest.fixture
def now(time_machine) -> datetime.datetime:
    time_machine.move_to(NOW, tick=False)
    return NOW


def with_factor(user: User) -> User:
    AuthenticatorFactory(user=user)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=f"{user.username}@boite.example", verified=True, primary=False)
    return user


@pytest.fixture
def user() -> User:
    return with_factor(UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie", reinforced=True))


@pytest.fixture
def boss() -> User:
    return with_factor(staff(Role.GESTIONNAIRE, username="gest"))


@pytest.fixture
def it() -> User:
    return staff(Role.IT, username="info1")


@pytest.fixture
def other_it() -> User:
    return staff(Role.IT, username="info2")


def at_the_factor(user: User) -> PortalClient:
    client = PortalClient(REMOTE_ADDR=OUTSIDE)
    assert client.post(LOGIN, {"login": user.username, "password": PASSWORD}).headers["Location"] == FACTOR
    return client


def last_code() -> str:
    return re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]


def asked(user: User) -> FactorLoss:
    loss = ask_loss(user=user, reason="Téléphone tombé dans la Meuse")
    tasks.tell_losses()
    loss.refresh_from_db()
    return loss


def checked(loss: FactorLoss, by: User) -> FactorLoss:
    return check_identity(loss=loss, by=by, checks=["presence"], note="Vue au bureau 12")


def kinds(user: User) -> list[str]:
    return list(AccessEvent.objects.filter(subject=user).order_by("pk").values_list("kind", flat=True))


def test_the_password_then_the_mailbox_then_the_request_waits(user):
    client = at_the_factor(user)
    assert "Je n&#x27;ai plus mon appareil" in client.get(FACTOR).content.decode().replace("'", "&#x27;")
    assert "Recevoir un code" in words(client.get(LOSS))
    assert client.post(LOSS, {"action": "send"}).headers["Location"] == LOSS
    assert "signaler un second facteur perdu" in mail.outbox[-1].subject
    typed = {"code": last_code(), "reason": "Téléphone tombé dans la Meuse"}
    response = client.post(LOSS, typed, follow=True)
    assert "Votre demande est enregistrée." in words(response)
    assert "_auth_user_id" not in client.session
    assert FactorLoss.objects.get().state == LossState.ASKED
    assert Authenticator.objects.exists(), "nothing is removed yet"
    assert AccessKind.LOSS_ASKED in kinds(user)
    assert {to for message in mail.outbox[1:] for to in message.to} == {user.email, "mvaldoie@boite.example"}
    assert Alert.objects.filter(user=user, kind=f"compte.{AccountChange.LOSS_ASKED}").exists()
    again = at_the_factor(user)
    assert "est en cours : à vérifier" in words(again.get(LOSS))


def test_the_code_of_this_page_opens_nothing_else_and_three_wrong_ones_end_it(user):
    client = at_the_factor(user)
    client.post(LOSS, {"action": "send"})
    assert client.post(FACTOR, {"code": last_code()}).status_code == 400
    wrong = f"{(int(last_code()) + 1) % 1_000_000:06d}"
    refused = client.post(LOSS, {"code": wrong, "reason": "Volé"})
    assert refused.status_code == 400
    assert "Volé" in refused.content.decode()
    assert client.post(LOSS, {"code": wrong, "reason": "Volé"}).headers["Location"] == LOGIN
    assert not FactorLoss.objects.exists()
    tried = AccessEvent.objects.filter(kind=AccessKind.SECOND_STEP_REFUSED).order_by("pk")
    assert [event.detail["factor"] for event in tried] == ["code-facteur", "code-perte", "code-perte"]
    assert at_the_factor(user).post(LOSS, {"code": wrong, "reason": "Volé"}).status_code == 429


def test_before_a_code_is_asked_none_is_right(user):
    assert at_the_factor(user).post(LOSS, {"code": "000000", "reason": "Volé"}).status_code == 400
    assert not FactorLoss.objects.exists()


@pytest.mark.parametrize("missing", ["reason", "code"])
def test_what_is_missing_is_said_at_its_field(user, missing):
    client = at_the_factor(user)
    client.post(LOSS, {"action": "send"})
    response = client.post(LOSS, {"code": last_code(), "reason": "Volé"} | {missing: ""})
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [missing]


def test_one_request_at_a_time_and_only_with_something_to_lose(user):
    asked(user)
    with pytest.raises(DomainError, match="loss_already_asked"):
        asked(user)
    with pytest.raises(DomainError, match="loss_no_factor"):
        asked(UserFactory(username="pautre"))
    client = at_the_factor(user)
    client.post(LOSS, {"action": "send"})
    assert client.post(LOSS, {"code": last_code(), "reason": "Volé"}).headers["Location"] == LOSS


def test_a_broker_out_of_order_delays_the_mails_not_the_request(user, monkeypatch):
    def down():
        raise OperationalError

    monkeypatch.setattr("security.views.factor_loss.tell_losses.delay", down)
    client = at_the_factor(user)
    client.post(LOSS, {"action": "send"})
    client.post(LOSS, {"code": last_code(), "reason": "Volé"})
    assert FactorLoss.objects.get().told_at is None
    assert (tasks.tell_losses(), tasks.tell_losses()) == (1, 0)


def test_for_a_teacher_one_human_check_removes_all_and_the_mail_takes_over(user, it):
    new_recovery_codes(user=user)
    TrustedBrowserFactory(user=user)
    inside = PortalClient()
    inside.force_login(User.objects.get(pk=user.pk))
    loss = checked(asked(user), it)
    assert loss.state == LossState.DONE
    assert not Authenticator.objects.filter(user=user).exists()
    assert not TrustedBrowser.objects.filter(user=user).exists()
    assert not OpenSession.objects.filter(user=user).exists()
    assert inside.get("/").status_code == 302, "every session ends"
    line = AccessEvent.objects.get(kind=AccessKind.LOSS_DECIDED)
    assert (line.actor, line.subject) == (it, user)
    assert line.reason == "Identité vérifiée : personne présente, pièce d'identité vue. Vue au bureau 12"
    assert AccessKind.FACTOR_REMOVED in kinds(user)
    assert Alert.objects.filter(user=user, kind=f"compte.{AccountChange.LOSS_DONE}").exists()
    client = PortalClient(REMOTE_ADDR=OUTSIDE)
    signed = client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    assert signed.headers["Location"] == reverse("security:sign_in_code")


def test_for_staff_two_people_and_a_day(boss, it, other_it, now, time_machine):
    loss = checked(asked(boss), it)
    assert loss.state == LossState.CHECKED
    with pytest.raises(DomainError, match="loss_same_person"):
        approve(loss=loss, by=it)
    with pytest.raises(DomainError, match="loss_own"):
        approve(loss=loss, by=boss)
    time_machine.shift(datetime.timedelta(hours=2))
    approved = approve(loss=loss, by=other_it)
    assert (approved.state, approved.due_at) == (LossState.APPROVED, now + DAY)
    assert Alert.objects.filter(user=boss, kind=f"compte.{AccountChange.LOSS_ACCEPTED}").exists()
    time_machine.move_to(now + DAY - datetime.timedelta(seconds=1), tick=False)
    assert apply_due() == 0
    time_machine.move_to(now + DAY, tick=False)
    assert (tasks.apply_due_losses(), tasks.apply_due_losses()) == (1, 0)
    assert not Authenticator.objects.filter(user=boss).exists()
    client = PortalClient(REMOTE_ADDR=OUTSIDE)
    client.force_login(User.objects.get(pk=boss.pk))
    assert client.get("/gestion/").headers["Location"] == reverse("security:second_step"), "a new factor first"


def test_the_day_of_staff_counts_from_the_moment_the_mailboxes_were_told(boss, it, other_it, now, time_machine):
    loss = checked(ask_loss(user=boss, reason="Volé"), it)
    time_machine.shift(DAY * 3)
    assert approve(loss=loss, by=other_it).due_at == now + DAY * 4, "never told: the day begins now"


def test_a_day_already_passed_takes_effect_with_the_second_agreement(boss, it, other_it, now, time_machine):
    loss = checked(asked(boss), it)
    time_machine.shift(DAY)
    assert approve(loss=loss, by=other_it).state == LossState.DONE


def cancel_path() -> str:
    return re.search(r"/connexion/facteur-perdu/\S+", mail.outbox[-1].body).group()


def test_the_link_of_either_mailbox_cancels_by_a_button_once(boss, it, other_it):
    loss = asked(boss)
    path = cancel_path()
    approve(loss=checked(loss, it), by=other_it)
    client = PortalClient()
    assert "Annuler la demande" in words(client.get(path))
    loss.refresh_from_db()
    assert loss.state == LossState.APPROVED, "reading the page cancels nothing"
    assert "La demande est annulée" in words(client.post(path))
    loss.refresh_from_db()
    assert (loss.state, apply_due()) == (LossState.CANCELLED, 0)
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert Authenticator.objects.filter(user=boss).exists()
    assert Alert.objects.filter(user=boss, kind=f"compte.{AccountChange.LOSS_CANCELLED}").exists()


@pytest.mark.parametrize("key", ["faux", "a:b:c", "é"])
def test_a_false_link_cancels_nothing(user, key):
    asked(user)
    assert PortalClient().post(reverse("security:factor_loss_cancel", args=[key])).status_code == 410
    assert FactorLoss.objects.get().state == LossState.ASKED


def test_a_link_that_died_between_the_page_and_the_button(user, monkeypatch):
    loss = asked(user)
    path = cancel_path()
    refuse(loss=loss, by=staff(Role.IT), note="Pas la bonne personne")
    monkeypatch.setattr(tokens, "loss_of", lambda key: loss)
    assert PortalClient().post(path).status_code == 410


def test_signing_in_with_the_factor_cancels_the_request(user, now):
    loss = asked(user)
    at_the_factor(user).post(FACTOR, {"code": code_at(now)})
    loss.refresh_from_db()
    assert loss.state == LossState.CANCELLED


def test_a_recovery_code_does_not_cancel_what_it_does_not_disprove(user):
    code = new_recovery_codes(user=user)[0]
    loss = asked(user)
    at_the_factor(user).post(FACTOR, {"code": code})
    loss.refresh_from_db()
    assert loss.state == LossState.ASKED


@pytest.mark.parametrize(
    ("checks", "note", "code"),
    [([], "Vue", "loss_unchecked"), (["autre"], "Vue", "loss_unchecked"), (["visio"], "  ", "loss_note_empty")],
)
def test_no_check_without_its_how_and_its_words(user, it, checks, note, code):
    with pytest.raises(DomainError, match=code):
        check_identity(loss=asked(user), by=it, checks=checks, note=note)


def test_what_is_settled_closed_or_above_is_refused(user, it):
    loss = asked(user)
    with pytest.raises(DomainError, match="loss_settled"):
        approve(loss=loss, by=it)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(DomainError, match="loss_closed"):
        checked(loss, it)
    User.objects.filter(pk=user.pk).update(is_active=True, is_superuser=True)
    with pytest.raises(DomainError, match="loss_above"):
        checked(loss, it)
    User.objects.filter(pk=user.pk).update(is_superuser=False)
    with pytest.raises(DomainError, match="loss_note_empty"):
        refuse(loss=loss, by=it, note=" ")
    refuse(loss=loss, by=it, note="Numéro inconnu")
    with pytest.raises(DomainError, match="loss_settled"):
        refuse(loss=loss, by=it, note="Encore")


@pytest.mark.parametrize(
    "row",
    [
        {"state": "ailleurs"},
        {"state": LossState.CHECKED},
        {"state": LossState.APPROVED},
        {"state": LossState.REFUSED},
        {"closed_at": NOW},
        {"check_made": "presence"},
        {"checked": "owner"},
        {"checked": "it", "approved": "it"},
    ],
)
def test_the_database_refuses_what_the_procedure_forbids(user, it, row):
    people = {"owner": user, "it": it}
    if "checked" in row:
        row = row | {"checked_by": people[row["checked"]], "checked_at": NOW, "check_made": "presence"}
        row["approved_by"] = people.get(row.pop("approved", ""))
        del row["checked"]
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorLoss.objects.create(user=user, reason="Volé", **row)


def test_closed_requests_are_forgotten_after_a_year(user, it, now, time_machine):
    refuse(loss=asked(user), by=it, note="Numéro inconnu")
    time_machine.shift(DAY * 364)
    assert forget_old_losses() == 0
    time_machine.shift(DAY)
    assert tasks.forget_expired_browsers() == 1


def admin_of(person: User) -> PortalClient:
    client = PortalClient()
    client.force_login(person)
    return client


def page_of(loss: FactorLoss) -> str:
    return reverse("admin:security_factorloss_change", args=[loss.pk])


def test_the_queue_takes_a_teacher_through(user, it):
    loss = asked(user)
    client = admin_of(it)
    assert "Maud Valdoie" in words(client.get(reverse("admin:security_factorloss_changelist"), {"q": "valdoie"}))
    refused = client.post(page_of(loss), {"decision": "verifier", "precision": "Appel de 9 h"})
    assert refused.status_code == 400
    assert "Cochez au moins une vérification" in words(refused)
    assert "Appel de 9 h" in refused.content.decode()
    typed = {"decision": "verifier", "verification": ["rappel", "visio"], "precision": "Appel de 9 h"}
    assert "Les facteurs sont retirés." in words(client.post(page_of(loss), typed, follow=True))
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.post(page_of(loss), typed).status_code == 409


def test_the_queue_takes_staff_through_two_people(boss, it, other_it):
    loss = asked(boss)
    first, second = admin_of(it), admin_of(other_it)
    first.post(page_of(loss), {"decision": "verifier", "verification": "presence", "precision": "Bureau 12"})
    assert "Donner le second accord" not in words(first.get(page_of(loss)))
    assert "Donner le second accord" in words(second.get(page_of(loss)))
    assert first.post(page_of(loss), {"decision": "accorder"}).status_code == 409
    assert "L'accord est enregistré" in words(second.post(page_of(loss), {"decision": "accorder"}, follow=True))
    assert "Le refus est enregistré" in words(
        first.post(page_of(loss), {"decision": "refuser", "precision": "Doute"}, follow=True)
    )
    assert "Aucune décision n'a été comprise" in words(second.post(page_of(loss), {"decision": "?"}, follow=True))


@pytest.mark.req("D16")
def test_a_gestionnaire_sees_the_teachers_of_the_habilitation_only(user, boss):
    near, far = AgentFactory(user=user), AgentFactory(user=with_factor(UserFactory(username="loin")))
    AssignmentFactory(agent=near, establishment__departement="51")
    AssignmentFactory(agent=far, establishment__departement="08")
    mine, theirs, colleague = asked(user), asked(far.user), asked(boss)
    clerk = staff(Role.GESTIONNAIRE, username="g51", scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")
    client = admin_of(clerk)
    statuses = [client.get(page_of(loss)).status_code for loss in (mine, theirs, colleague)]
    assert statuses == [200, 404, 404]
    assert client.post(page_of(theirs), {"decision": "verifier"}).status_code == 404


@pytest.mark.req("D16")
@pytest.mark.parametrize("role", [Role.HEAD, Role.DPO])
def test_others_have_no_queue(user, role):
    loss = asked(user)
    client = admin_of(staff(role))
    assert client.get(page_of(loss)).status_code == 403
    assert client.post(page_of(loss), {"decision": "verifier"}).status_code == 403


def test_the_list_costs_the_same_whatever_waits(user, it):
    client, costs = admin_of(it), []
    for number in range(1, 7, 5):
        for n in range(number):
            asked(with_factor(UserFactory(username=f"perdu{number}{n}")))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:security_factorloss_changelist"))
        costs.append(len(queries))
    assert costs[0] == costs[1]


HERE = reverse("security:factor_loss_here")


def inside(user: User) -> PortalClient:
    client = PortalClient()
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    return client


def test_from_inside_where_no_factor_was_asked_the_password_and_the_mailbox_open_the_request(user):
    client = inside(user)
    assert HERE in client.get(reverse("account_reauthenticate")).content.decode()
    assert client.get(HERE).status_code == 200
    assert client.post(HERE, {"action": "send"}).headers["Location"] == HERE
    typed = {"code": last_code(), "reason": "Volé"}
    assert list(client.post(HERE, typed).context["form"].errors) == ["password"]
    refused = client.post(HERE, typed | {"password": "Faux"})
    assert refused.status_code == 400
    assert "La vérification a échoué." in words(refused)
    assert not FactorLoss.objects.exists()
    done = client.post(HERE, typed | {"password": PASSWORD}, follow=True)
    assert "Votre demande est enregistrée." in words(done)
    assert FactorLoss.objects.get().told_at is not None
    assert "est en cours" in words(client.get(HERE))
    client.post(HERE, {"action": "send"})
    again = client.post(HERE, {"code": last_code(), "reason": "Volé", "password": PASSWORD})
    assert again.headers["Location"] == HERE


def test_from_inside_a_code_is_dead_after_three_tries(user, now, time_machine):
    client = inside(user)
    client.post(HERE, {"action": "send"})
    good = {"code": last_code(), "reason": "Volé", "password": PASSWORD}
    for _ in range(3):
        assert client.post(HERE, good | {"password": "Faux"}).status_code == 400
    assert client.post(HERE, good).status_code == 429
    time_machine.shift(datetime.timedelta(seconds=30))
    assert client.post(HERE, good).status_code == 400
    assert not FactorLoss.objects.exists()


def test_from_inside_without_a_factor_there_is_nothing_to_lose():
    client = inside(UserFactory(username="pautre"))
    assert client.get(HERE).headers["Location"] == reverse("security:second_step")
