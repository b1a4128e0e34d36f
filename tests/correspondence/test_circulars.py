"""The way of a correspondence: written, simulated, approved by another, released to exactly those found, recalled (S11)."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from career.models import Agent
from iprof.correspondence.audience import Audience
from iprof.correspondence.enums import CircularState
from iprof.correspondence.models import Alert, Attachment, Circular, CircularFile, CircularRecipient, Mailing
from iprof.correspondence.outbox import mail
from iprof.correspondence.services.circular_drafts import save_circular
from iprof.correspondence.services.circulars import (
    approve_circular,
    recall_circular,
    release_circular,
    simulate_circular,
)
from iprof.kernel.errors import DomainError
from security.enums import Role, ScopeKind
from security.models import AccessEvent, User
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.correspondence import clerk, draft_circular, sent_circular, simulated_circular
from tests.factories.files import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11", "D17")]

DAY = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def code_of(call, **arguments) -> str:
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    return caught.value.code


def approved(circular: Circular) -> Circular:
    return approve_circular(circular=circular, by=clerk("valideuse"), seen=circular.simulation)


def released(circular: Circular, by: User | None = None) -> Circular:
    return release_circular(circular=circular, by=by or circular.edited_by, seen=circular.simulation)


def test_the_way_of_a_circular_is_held_and_journalled():
    agent, author = full_career(), clerk("secretaire")
    circular = draft_circular()
    assert code_of(release_circular, circular=circular, by=author, seen="") == "circular_not_simulated"
    assert code_of(approve_circular, circular=circular, by=clerk("valideuse"), seen="") == "circular_not_simulated"
    assert code_of(recall_circular, circular=circular, by=author, reason="Faux") == "circular_not_sent"
    circular = simulate_circular(circular=circular, by=author)
    assert (circular.state, circular.recipient_count) == (CircularState.SIMULATED, 1)
    assert not Alert.objects.exists()
    circular = released(circular)
    assert circular.state == CircularState.RELEASED
    alert = Alert.objects.get()
    assert (alert.user, alert.cause, alert.kind) == (agent.user, circular.cause, "correspondance.nouvelle")
    seen = circular.simulation
    assert code_of(release_circular, circular=circular, by=author, seen=seen) == "circular_sent"
    assert code_of(approve_circular, circular=circular, by=author, seen=seen) == "circular_sent"
    assert code_of(simulate_circular, circular=circular, by=author) == "circular_sent"
    assert code_of(save_circular, circular=circular, by=author) == "circular_sent"
    assert code_of(recall_circular, circular=circular, by=author, reason=" \n") == "recall_without_reason"
    assert code_of(recall_circular, circular=circular, by=author, reason="a" * 301) == "recall_too_long"
    assert recall_circular(circular=circular, by=author, reason="La date est fausse.") == (1, 0)
    assert code_of(recall_circular, circular=circular, by=author, reason="Encore") == "circular_recalled"
    acts = (
        AccessEvent.objects.filter(kind="correspondance.gestion").order_by("pk").values_list("detail__act", flat=True)
    )
    assert list(acts) == ["simulation", "diffusion", "rappel"]


def test_a_result_is_released_once_another_person_has_approved():
    full_career()
    circular = simulated_circular(result=True)
    author, other, seen = circular.edited_by, clerk("valideuse"), circular.simulation
    assert code_of(release_circular, circular=circular, by=author, seen=seen) == "circular_needs_two"
    assert code_of(release_circular, circular=circular, by=other, seen=seen) == "circular_needs_two"
    assert code_of(approve_circular, circular=circular, by=author, seen=seen) == "circular_own"
    assert approved(circular).state == CircularState.APPROVED
    assert released(circular).released_by == author


def test_more_than_five_hundred_take_two_persons():
    """The service says it, and the database holds it."""
    full_career()
    circular = simulated_circular()
    for count, needs in ((500, False), (501, True)):
        Circular.objects.filter(pk=circular.pk).update(recipient_count=count)
        circular.refresh_from_db()
        assert circular.needs_two is needs
    seen = {"circular": circular, "by": circular.edited_by, "seen": circular.simulation}
    assert code_of(release_circular, **seen) == "circular_needs_two"
    sent = {"state": "diffusee", "released_by": circular.edited_by, "released_at": DAY}
    mailing = Mailing.objects.create(subject="x", text="x")
    with pytest.raises(IntegrityError, match="circular_two_persons"), transaction.atomic():
        Circular.objects.filter(pk=circular.pk).update(mailing=mailing, **sent)


def test_nobody_who_had_a_hand_in_it_is_the_second_person():
    """Neither its first author, nor the last who wrote it, nor whoever simulated it."""
    full_career()
    author, editor, simulator = clerk("secretaire"), clerk("relectrice"), clerk("simulatrice")
    circular = draft_circular(result=True, by=author)
    save_circular(circular=circular, by=editor)
    circular = simulate_circular(circular=circular, by=simulator)
    for person in (author, editor, simulator):
        assert code_of(approve_circular, circular=circular, by=person, seen=circular.simulation) == "circular_own"
        with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
            Circular.objects.filter(pk=circular.pk).update(
                state="validee", approved_by=person, approved_at=dt.datetime.now(dt.UTC)
            )
    assert approved(circular).approved_by.username == "valideuse"


def test_a_change_after_the_dry_run_asks_for_another():
    full_career()
    circular = simulated_circular(result=True)
    approved(circular)
    circular.title = "Un autre titre"
    saved = save_circular(circular=circular, by=circular.edited_by)
    assert (saved.state, saved.recipient_count, saved.approved_by) == (CircularState.DRAFT, None, None)
    assert not CircularRecipient.objects.exists()


def test_nobody_approves_nor_releases_what_they_have_not_read():
    """Simulated again while the page of the second person was open."""
    full_career()
    first = simulated_circular(result=True)
    second = simulate_circular(circular=first, by=first.edited_by)
    assert code_of(approve_circular, circular=second, by=clerk("valideuse"), seen=first.simulation) == "circular_moved"
    approved(second)
    assert code_of(release_circular, circular=second, by=second.edited_by, seen=first.simulation) == "circular_moved"
    assert not Alert.objects.exists()


@pytest.mark.parametrize("gone", [{}, {"left_on": dt.date(2020, 1, 1), "left_reason": "retraite"}])
def test_an_audience_that_changed_stops_the_release(gone):
    first = full_career()
    circular = simulated_circular()
    if gone:
        Agent.objects.filter(pk=first.pk).update(**gone)
    full_career()
    with pytest.raises(DomainError) as caught:
        released(circular)
    now, lost = (1, 1) if gone else (2, 0)
    assert caught.value.params == {"before": 1, "now": now, "gained": 1, "lost": lost}
    assert not Alert.objects.exists()
    assert not Mailing.objects.exists()


def test_an_account_closed_at_the_last_moment_undoes_the_whole_release(monkeypatch):
    """Between the audience computed once more and the alerts: nothing half sent."""
    full_career()
    closed = full_career()
    circular = simulated_circular()
    monkeypatch.setattr(
        "iprof.correspondence.services.circulars._check_audience",
        lambda row: list(row.recipients.values_list("user_id", flat=True)),
    )
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    assert code_of(release_circular, circular=circular, by=circular.edited_by, seen=circular.simulation) == (
        "circular_audience_changed"
    )
    circular.refresh_from_db()
    assert (circular.state, Alert.objects.count(), Mailing.objects.count()) == (CircularState.SIMULATED, 0, 0)


@pytest.mark.req("S03")
def test_an_agent_given_another_account_since_is_never_written_to_by_mistake():
    """Merged files: the account simulated is not the account of the agent any more; neither is written to."""
    agent = full_career()
    circular = simulated_circular(Audience(logins=(agent.user.username,)))
    other = UserFactory(username="autre-compte")
    Agent.objects.filter(pk=agent.pk).update(user=other)
    with pytest.raises(DomainError, match="circular_audience_changed"):
        released(circular)
    assert not Alert.objects.exists()


@pytest.mark.req("S03")
def test_accounts_exchanged_between_two_agents_are_not_written_to_for_one_another():
    marne, ardennes = full_career(), full_career()
    ardennes.assignments.get().establishment.__class__.objects.filter(
        pk=ardennes.assignments.get().establishment_id
    ).update(departement="08")
    circular = simulated_circular(Audience(departements=("51",)))
    assert [row.user_id for row in circular.recipients.all()] == [marne.user_id]
    place = UserFactory(username="passage")
    for agent, user in ((marne, place), (ardennes, marne.user), (marne, ardennes.user)):
        Agent.objects.filter(pk=agent.pk).update(user=user)
    with pytest.raises(DomainError) as caught:
        released(circular)
    assert caught.value.params == {"before": 1, "now": 1, "gained": 1, "lost": 1}
    assert not Alert.objects.exists()


def test_a_letter_is_for_the_people_named_alone():
    first, other = full_career(), full_career()
    sent_circular(first.user, kind="courrier")
    assert list(Alert.objects.values_list("user", flat=True)) == [first.user_id]
    assert other.user_id not in CircularRecipient.objects.values_list("user", flat=True)


def test_an_audience_of_nobody_or_of_strangers_is_refused():
    circular = draft_circular(Audience(departements=("51",)))
    assert code_of(simulate_circular, circular=circular, by=circular.edited_by) == "circular_nobody"
    circular = draft_circular(Audience(logins=("personne",)))
    assert code_of(simulate_circular, circular=circular, by=circular.edited_by) == "circular_unknown"


def test_a_deadline_that_passed_stops_each_step():
    full_career()
    author = clerk("secretaire")
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        drafted, simulated = (make(deadline=dt.date(2026, 11, 24)) for make in (draft_circular, simulated_circular))
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC), tick=False):
        seen = {"circular": simulated, "seen": simulated.simulation}
        assert code_of(simulate_circular, circular=drafted, by=author) == "circular_deadline_past"
        assert code_of(approve_circular, by=clerk("valideuse"), **seen) == "circular_deadline_past"
        assert code_of(release_circular, by=author, **seen) == "circular_deadline_past"


def test_nobody_decides_for_agents_out_of_their_habilitation():
    full_career()
    without_account = full_career(user=None)  # in their reach, and counted for nobody
    without_account.assignments.get().establishment.__class__.objects.filter(
        pk=without_account.assignments.get().establishment_id
    ).update(departement="08")
    circular = simulated_circular(result=True)
    elsewhere = staff(Role.GESTIONNAIRE, username="ardennaise", scope_kind=ScopeKind.DEPARTEMENT, scope_code="08")
    seen = {"circular": circular, "by": elsewhere, "seen": circular.simulation}
    assert code_of(approve_circular, **seen) == "circular_out_of_reach"
    approved(circular)
    assert code_of(release_circular, **seen) == "circular_out_of_reach"
    assert code_of(simulate_circular, circular=circular, by=elsewhere) == "circular_nobody"


def test_five_files_in_their_order_and_no_more():
    full_career()
    circular = draft_circular(files=[pdf(f"{n}.pdf") for n in range(1, 5)])
    author = circular.edited_by
    save_circular(circular=circular, by=author, removed=[2])
    save_circular(circular=circular, by=author, added=[pdf("5.pdf"), pdf("6.pdf")])
    names = [(row.position, row.attachment.name) for row in circular.files.select_related("attachment")]
    assert names == [(1, "1.pdf"), (2, "3.pdf"), (3, "4.pdf"), (4, "5.pdf"), (5, "6.pdf")]
    assert Attachment.objects.count() == 5  # what was taken out of a draft is not kept
    assert code_of(save_circular, circular=circular, by=author, added=[pdf()]) == "circular_too_many_files"


def test_a_general_circular_is_mailed_whole_and_a_letter_or_a_result_is_not():
    agent = full_career()
    secret = "Vous êtes promue à la hors-classe"
    for fields in ({"kind": "courrier"}, {"result": True}):
        circular = sent_circular(agent.user, title=secret, body=f"<p>{secret}.</p>", **fields)
        for said in (circular.mailing.subject, circular.mailing.text, circular.mailing.html):
            assert "promue" not in said
    circular = sent_circular(body="<p>Lisez <b>ceci</b>.</p><script>vol()</script>", files=[pdf()])
    mailing = circular.mailing
    assert (mailing.subject, mailing.link) == (circular.title, circular.get_absolute_url())
    assert mailing.text == "Lisez ceci.\n\n1 pièce jointe à télécharger sur le portail."
    assert mailing.html.startswith("<p>Lisez <strong>ceci</strong>.</p><p>1 pièce")


REFUSED = "refused|recipient stays|violates check"


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Circular.objects.filter(pk=row.pk).update(title="Autre"),
        lambda row: Circular.objects.filter(pk=row.pk).update(state="brouillon"),
        lambda row: Circular.objects.filter(pk=row.pk).update(recipient_count=2),
        lambda row: Circular.objects.filter(pk=row.pk).update(state="rappelee"),
        lambda row: Circular.objects.filter(pk=row.pk)._raw_delete("default"),
        lambda row: CircularRecipient.objects.filter(circular=row).delete(),
        lambda row: CircularRecipient.objects.filter(circular=row).update(user=row.edited_by),
        lambda row: CircularRecipient.objects.filter(circular=row).update(read_at=DAY),
        lambda row: CircularRecipient.objects.filter(circular=row).update(acted_at=None, read_at=None),
        lambda row: CircularRecipient.objects.create(circular=row, user=row.edited_by),
        lambda row: CircularFile.objects.filter(circular=row).update(position=2),
        lambda row: CircularFile.objects.filter(circular=row).delete(),
    ],
)
def test_what_is_sent_stays_whatever_the_code_does(change):
    circular = sent_circular(full_career().user, files=[pdf()])
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    circular.recipients.update(read_at=now, acted_at=now)
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        change(circular)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Autre"},
        {"audience": {"everyone": True, "corps": []}},
        {"state": "diffusee"},
        {"state": "diffusee", "released_by": "author", "released_at": DAY, "mailing": "mailing"},
        {"state": "validee"},
        {"state": "inconnu"},
        {"kind": "inconnu"},
        {"recipient_count": 0},
        {"recall_reason": "Trop tôt"},
    ],
)
def test_what_was_simulated_is_what_is_released_whatever_the_code_does(change):
    full_career()
    circular = simulated_circular(result=True)
    known = {"author": circular.edited_by, "mailing": Mailing.objects.create(subject="x", text="x")}
    values = {name: known.get(value, value) if isinstance(value, str) else value for name, value in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Circular.objects.filter(pk=circular.pk).update(**values)


def test_a_recall_withdraws_what_has_not_left_and_tells_the_others():
    gone, waiting = full_career(), full_career()
    circular = sent_circular()
    Alert.objects.filter(user=gone.user).update(sent_at=DAY, attempts=1)
    assert recall_circular(circular=circular, by=circular.edited_by, reason="La date  est\nfausse.") == (1, 1)
    circular.refresh_from_db()
    assert (circular.state, circular.recall_reason) == (CircularState.RECALLED, "La date est fausse.")
    assert Alert.objects.get(user=waiting.user).withdrawn_at is not None
    notice = Alert.objects.get(kind="correspondance.rappel")
    assert (notice.user_id, notice.link) == (gone.user_id, circular.get_absolute_url())
    assert "Motif : La date est fausse." in notice.body


def test_the_recall_of_a_letter_says_nothing_of_it_by_mail():
    agent = full_career()
    circular = sent_circular(agent.user, kind="courrier", title="Promotion")
    Alert.objects.update(attempts=1)
    recall_circular(circular=circular, by=circular.edited_by, reason="Promotion annoncée à tort")
    notice = Alert.objects.get(kind="correspondance.rappel")
    assert "romotion" not in notice.subject + notice.body


@pytest.mark.django_db(transaction=True)
def test_two_people_who_release_at_once_release_once(monkeypatch):
    monkeypatch.setattr("iprof.correspondence.services.alerts.deliver_alerts.delay", lambda: None)
    for _ in range(5):
        full_career()
    circular = approved(simulated_circular(result=True))
    people, answers = (circular.edited_by, clerk("valideuse")), []

    def release(person: User) -> None:
        try:
            release_circular(circular=circular, by=person, seen=circular.simulation)
            answers.append("released")
        except DomainError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=release, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["circular_sent", "released"]
    assert (Alert.objects.count(), Mailing.objects.count()) == (5, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [0, 3, 7])
def test_a_recall_in_the_middle_of_the_sending_leaves_nobody_with_a_mail_and_no_word(monkeypatch, after, mailoutbox):
    """Whoever got the mail is told of the recall; whoever did not never gets it."""
    monkeypatch.setattr("iprof.correspondence.services.alerts.deliver_alerts.delay", lambda: None)
    monkeypatch.setattr(mail, "BATCH", 2)
    for _ in range(8):
        full_career()
    circular = sent_circular()
    reached, going = threading.Event(), threading.Event()
    plain = mail.letter

    def counted(alert):
        if len(mailoutbox) >= after:
            reached.set()
            going.wait(5)
        return plain(alert)

    monkeypatch.setattr(mail, "letter", counted)

    def send() -> None:
        try:
            mail.deliver_due()
        finally:
            reached.set()
            connection.close()

    worker = threading.Thread(target=send)
    worker.start()
    assert reached.wait(10)
    recall_circular(circular=circular, by=circular.edited_by, reason="Faux")
    going.set()
    worker.join()
    mail.deliver_due()
    mailed = {one.to[0] for one in mailoutbox if one.subject == circular.title}
    told = {one.to[0] for one in mailoutbox if one.subject.startswith("Rappelé")}
    withdrawn = set(Alert.objects.filter(withdrawn_at__isnull=False).values_list("user__email", flat=True))
    assert mailed <= told
    assert mailed.isdisjoint(withdrawn)
    assert len(mailed | withdrawn) == 8
    assert len(mailoutbox) == len(mailed) + len(told)


@pytest.mark.parametrize("n", [1, 4])
def test_the_number_of_statements_does_not_follow_the_number_of_recipients(n, django_assert_max_num_queries):
    for _ in range(n):
        full_career()
    circular, author = draft_circular(), clerk("secretaire")
    with django_assert_max_num_queries(12):
        circular = simulate_circular(circular=circular, by=author)
    with django_assert_max_num_queries(22):
        released(circular, author)


def test_somebody_out_of_reach_does_not_recall():
    """A gestionnaire of one school reads a circular of the académie; calling it back is not theirs."""
    circular = sent_circular(full_career().user)
    here = staff(Role.GESTIONNAIRE, username="une-ecole", scope_kind=ScopeKind.ESTABLISHMENT, scope_code="0510001A")
    assert code_of(recall_circular, circular=circular, by=here, reason="Faux") == "circular_out_of_reach"
    whole = clerk("academie")
    assert recall_circular(circular=circular, by=whole, reason="Faux") == (1, 0)
