"""Warn, wait, destroy: exactly what is due, with a proof; holds survive; a run cut anywhere is taken up (S89, D24)."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from documents import custody
from documents.enums import DocumentState, SubmissionState
from documents.models import DestructionCertificate, Document, Hold, RetentionNotice, StoredFile, Submission
from documents.selectors.audit import audit
from documents.selectors.retention import retention_of, with_life
from documents.services import own, retention
from documents.services.certificates import certificate_pdf, digest_of, is_true
from documents.services.deposit import Details
from documents.services.holds import lift_hold, place_hold
from documents.tasks import keep_documents
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security.enums import AccessKind, Role
from security.models import AccessEvent, User
from tests.factories.accounts import UserFactory, staff
from tests.factories.documents import kept_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("S89", "T7", "D24")]
DEPOSIT = dt.datetime(2016, 11, 25, 9, tzinfo=dt.UTC)
END = dt.date(2026, 11, 25)
WARN = dt.date(2026, 8, 27)


def at(day, hour=5):
    return time_machine.travel(dt.datetime.combine(day, dt.time(hour), dt.UTC), tick=False)


def aged(owner=None, *, kind="livret_famille", at=DEPOSIT):
    """A document kept, deposited that day."""
    document = kept_document(owner or UserFactory(), Details(kind=kind, title="Livret"))
    Document.objects.filter(pk=document.pk).update(deposited_at=at)
    document.refresh_from_db()
    return document


def state(document):
    document.refresh_from_db()
    return document.state


@pytest.fixture
def dpo():
    return staff(Role.DPO)


def warned(document):
    with at(WARN):
        assert retention.warn(on=WARN) == 1
    return document


@pytest.mark.parametrize(("day", "told"), [(-1, 0), (0, 1), (1, 1)])
def test_the_owner_is_told_ninety_days_before(day, told):
    document = aged()
    on = WARN + dt.timedelta(day)
    with at(on):
        assert retention.warn(on=on) == told
        assert retention.warn(on=on) == 0
    assert Alert.objects.filter(user=document.owner).count() == told


def test_one_alert_tells_of_all_the_documents_of_a_person():
    first = aged()
    aged(first.owner, kind="diplome")
    with at(WARN):
        assert retention.warn(on=WARN) == 2
    alert = Alert.objects.get()
    assert alert.subject.startswith("2 documents vont être détruits")
    assert "25 novembre 2026" in alert.body
    assert "livret" not in alert.body.lower()


def test_a_second_batch_of_the_same_day_is_told_too():
    first = aged()
    with at(WARN):
        assert retention.warn(on=WARN) == 1
        aged(first.owner, kind="diplome")
        assert retention.warn(on=WARN) == 1
    assert Alert.objects.filter(user=first.owner).count() == 2


def test_nobody_is_said_to_be_told_of_a_closed_account():
    document = aged()
    User.objects.filter(pk=document.owner_id).update(is_active=False)
    with at(WARN):
        assert retention.warn(on=WARN) == 0
    assert not RetentionNotice.objects.get().told
    figures = {node.label: node.value for node in audit(since=WARN, until=WARN, on=WARN).figures}
    assert (figures["Destructions annoncées"], figures["Destructions sans personne à prévenir"]) == (0, 1)


@pytest.mark.parametrize(("day", "gone"), [(0, False), (1, True), (30, True)])
def test_it_is_destroyed_the_day_after_its_term(day, gone):
    document, young = warned(aged()), aged(at=DEPOSIT + dt.timedelta(60))
    on = END + dt.timedelta(day)
    with at(on):
        done = retention.apply(on=on)
    assert (done.destroyed, done.certificates) == (int(gone), int(gone))
    assert state(document) == (DocumentState.DESTROYED if gone else DocumentState.KEPT)
    assert state(young) == DocumentState.KEPT


def test_nothing_goes_that_was_not_told_and_a_late_warning_waits():
    document, late = aged(), END + dt.timedelta(5)
    with at(late):
        assert retention.apply(on=late).destroyed == 0
        assert retention.warn(on=late) == 1
    for day, gone in ((89, 0), (90, 1)):
        on = late + dt.timedelta(day)
        with at(on):
            assert retention.apply(on=on).destroyed == gone
    assert state(document) == DocumentState.DESTROYED


def test_the_content_the_key_and_the_file_go(django_capture_on_commit_callbacks):
    document = warned(aged())
    name = document.stored.name
    with at(END + dt.timedelta(1)), django_capture_on_commit_callbacks(execute=True):
        retention.apply(on=END + dt.timedelta(1))
    assert not StoredFile.objects.filter(document=document).exists()
    assert not custody.storage().exists(name)
    trace = AccessEvent.objects.get(kind=AccessKind.DOCUMENT_DESTROYED)
    assert (trace.subject, trace.actor, trace.reason) == (document.owner, None, retention.REASON)


def test_a_procedure_not_closed_suspends_then_moves_the_term():
    document = warned(aged())
    sent = Submission.objects.create(owner=document.owner, procedure="adresse", sent_at=DEPOSIT)
    sent.uses.create(document=document, piece="piece")
    after = END + dt.timedelta(1)
    with at(after):
        assert retention.apply(on=after).destroyed == 0
        sent.state, sent.closed_at = SubmissionState.COMPLETE, DEPOSIT + dt.timedelta(365)
        sent.save()
        assert retention.apply(on=after).destroyed == 0
    found = retention_of(with_life(Document.objects.filter(pk=document.pk)).get())
    assert found.kept_until == dt.date(2027, 11, 25)
    assert found.destroyed_on is None, "the notice was of another end"


@pytest.mark.parametrize("of_person", [True, False])
def test_a_hold_survives_until_it_is_lifted(dpo, of_person):
    document = warned(aged())
    target = {"owner": document.owner} if of_person else {"document": document}
    hold = place_hold(by=dpo, reason="Contentieux en cours", **target)
    after = END + dt.timedelta(1)
    with at(after):
        assert retention.apply(on=after).destroyed == 0
        with pytest.raises(own.NotNow, match="suspension"):
            own.withdraw(document, by=document.owner)
        lift_hold(hold=hold, by=dpo, reason="Jugement rendu")
        assert retention.apply(on=after).destroyed == 1
    assert AccessEvent.objects.filter(kind=AccessKind.HOLD_MANAGED, subject=document.owner).count() == 2


def test_a_hold_needs_a_reason_and_is_never_ones_own(dpo):
    document = aged()
    gone = aged(document.owner)
    Document.objects.filter(pk=gone.pk).update(state=DocumentState.DESTROYED, destroyed_at=DEPOSIT)
    gone.refresh_from_db()
    for target, reason, code in (
        ({"document": document}, "  ", "hold_reason_empty"),
        ({"owner": dpo}, "Essai", "hold_own"),
        ({}, "Essai", "hold_of_nothing"),
        ({"document": document, "owner": dpo}, "Essai", "hold_of_nothing"),
        ({"document": gone}, "Essai", "hold_gone"),
    ):
        with pytest.raises(DomainError, match=code):
            place_hold(by=dpo, reason=reason, **target)
    hold = place_hold(by=dpo, reason="Contentieux", document=document)
    for by, reason, code in (
        (dpo, " ", "hold_reason_empty"),
        (document.owner, "Essai", "hold_own"),
    ):
        with pytest.raises(DomainError, match=code):
            lift_hold(hold=hold, by=by, reason=reason)
    lift_hold(hold=hold, by=dpo, reason="Fini")
    with pytest.raises(DomainError, match="hold_lifted"):
        lift_hold(hold=hold, by=dpo, reason="Fini")


def test_the_database_holds_what_a_hold_is(dpo):
    for fields in ({"reason": "x"}, {"owner": dpo, "reason": ""}, {"owner": dpo, "reason": "x", "lift_reason": "y"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.create(placed_by=dpo, **fields)


@pytest.mark.parametrize(("day", "rows"), [(29, 1), (30, 1), (31, 0)])
def test_a_refusal_is_forgotten_after_thirty_days(day, rows):
    refused = aged()
    StoredFile.objects.all().delete()
    Document.objects.update(state=DocumentState.REFUSED)
    on = DEPOSIT.date() + dt.timedelta(day)
    with at(on):
        assert retention.apply(on=on).forgotten == 1 - rows
    assert Document.objects.filter(pk=refused.pk).count() == rows


def test_what_tells_what_it_was_goes_with_the_content():
    document = aged()
    Document.objects.filter(pk=document.pk).update(dated_on=WARN, ends_on=END, content_mark="b" * 64)
    document.refresh_from_db()
    own.destroy(document, by=None, reason="essai")
    document.refresh_from_db()
    emptied = (document.title, document.kind, document.original_name, document.content_mark, document.received_sha256)
    assert set(emptied) == {""}
    assert (document.dated_on, document.ends_on, document.verdicts.count()) == (None, None, 0)
    assert document.sha256, "the certificate names it"
    assert str(document) == "Document détruit"


def refused_since(document):
    StoredFile.objects.all().delete()
    Document.objects.filter(pk=document.pk).update(state=DocumentState.REFUSED)
    document.refresh_from_db()
    return document


@pytest.mark.parametrize(
    ("target", "lifted", "stays"), [("document", 0, 1), ("document", 1, 1), ("owner", 0, 1), ("owner", 1, 0)]
)
def test_a_refusal_under_a_hold_stops_no_night(dpo, target, lifted, stays):
    held, other = aged(), aged()
    hold = place_hold(by=dpo, reason="Contentieux", **{target: held if target == "document" else held.owner})
    refused_since(held), refused_since(other)
    on = DEPOSIT.date() + dt.timedelta(31)
    with at(on):
        batch = retention.due(on=on).to_forget  # as read before the hold was placed
        if lifted:
            lift_hold(hold=hold, by=dpo, reason="Jugement rendu")
        assert retention._forget([held, other, *batch]) == 2 - stays
        assert retention.apply(on=on).forgotten == 0
    assert Document.objects.filter(pk=held.pk).count() == stays
    assert not Document.objects.filter(pk=other.pk).exists()


def test_there_is_nothing_to_hold_of_a_refused_file(dpo):
    with pytest.raises(DomainError, match="hold_refused"):
        place_hold(by=dpo, reason="Contentieux", document=refused_since(aged()))


def test_a_certificate_says_what_went_and_never_whose():
    document = warned(aged())
    after = END + dt.timedelta(1)
    with at(after):
        retention.apply(on=after)
    certificate = DestructionCertificate.objects.get()
    assert certificate.lines == [[str(document.pk), "livret_famille", "2016-11-25", document.sha256]]
    assert (certificate.counts, certificate.total) == ({"Livret de famille": 1}, 1)
    assert is_true(certificate)
    assert document.owner.last_name not in str(certificate.lines)
    assert certificate_pdf(certificate).startswith(b"%PDF")


def test_a_certificate_cannot_be_rewritten():
    warned(aged())
    with at(END + dt.timedelta(1)):
        retention.apply(on=END + dt.timedelta(1))
    certificate = DestructionCertificate.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        DestructionCertificate.objects.update(lines=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.delete()
    certificate.lines = []
    assert not is_true(certificate), "what it says is not what was written"
    certificate.digest = digest_of(certificate)
    assert not is_true(certificate), "the journal knows another digest"


def test_batches_are_whole_and_a_cut_run_is_taken_up(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    owner = UserFactory()
    for _ in range(5):
        aged(owner)
    with at(WARN):
        assert retention.warn(on=WARN) == 5
    after, calls = END + dt.timedelta(1), []
    real = retention.destroy

    def third_fails(document, **kwargs):
        calls.append(document)
        if len(calls) == 4:
            raise OSError("the worker dies")
        real(document, **kwargs)

    monkeypatch.setattr(retention, "destroy", third_fails)
    with at(after), pytest.raises(OSError, match="dies"):
        retention.apply(on=after)
    assert Document.objects.filter(state=DocumentState.DESTROYED).count() == 2
    with at(after):
        done = retention.apply(on=after)
    assert (done.destroyed, done.certificates) == (3, 2)
    assert sum(one.total for one in DestructionCertificate.objects.all()) == 5


def test_the_command_is_dry_unless_told(settings):
    document = warned(aged())
    with at(END + dt.timedelta(1)):
        said = StringIO()
        call_command("documents_retention", stdout=said)
        assert "à détruire : 1" in said.getvalue()
        assert "Rien n'est annoncé ni détruit" in said.getvalue()
        assert state(document) == DocumentState.KEPT
        call_command("documents_retention", "--apply", stdout=said)
        assert "1 détruits" in said.getvalue()
    assert state(document) == DocumentState.DESTROYED


def test_the_nightly_task_warns_and_destroys_only_by_setting(settings):
    document = aged()
    with at(WARN):
        keep_documents()
    assert RetentionNotice.objects.get().warned_on == WARN
    with at(END + dt.timedelta(1)):
        keep_documents()
        assert state(document) == DocumentState.KEPT
        settings.DOCUMENTS_RETENTION_APPLY = True
        keep_documents()
    assert state(document) == DocumentState.DESTROYED


@pytest.mark.parametrize("count", [1, 4])
def test_reading_what_is_due_takes_as_many_queries_for_one_as_for_four(count):
    for _ in range(count):
        aged()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        retention.due(on=WARN)
    assert len(queries) == 3, "the page, its notices, the end"


def test_a_hold_placed_while_a_run_goes_on_still_counts(dpo):
    document = warned(aged())
    after = END + dt.timedelta(1)
    with at(after):
        batch = retention.due(on=after).to_destroy
        place_hold(by=dpo, document=document, reason="Contentieux")
        assert retention._destroy(batch, after, None) == 0
    assert state(document) == DocumentState.KEPT
    assert not DestructionCertificate.objects.exists()


def test_a_leap_day_is_kept_to_the_last_of_february():
    document = aged(at=dt.datetime(2016, 2, 29, 12, tzinfo=dt.UTC))
    found = retention_of(with_life(Document.objects.filter(pk=document.pk)).get())
    assert found.kept_until == dt.date(2026, 2, 28)


def test_midnight_in_paris_is_the_day_that_counts():
    document = aged(at=dt.datetime(2016, 11, 24, 23, 30, tzinfo=dt.UTC))
    found = retention_of(with_life(Document.objects.filter(pk=document.pk)).get())
    assert found.kept_until == END
