"""Requests on personal data: one month, reasons, destruction by the same code, nothing said to the wrong person (S90)."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from documents.domain.rights import rights_law
from documents.enums import DocumentState
from documents.enums_privacy import DestructionCause, PrivacyKind, PrivacyState
from documents.models import DestructionCertificate, Document, PrivacyRequest
from documents.selectors.rights import asked, open_to_deletion
from documents.services.certificates import is_true
from documents.services.deposit import Details
from documents.services.holds import place_hold
from documents.services.rights import answer_request, extend_request, open_request, withdraw_request
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security.enums import AccessKind, Role
from security.models import AccessEvent
from tests.factories.accounts import UserFactory, staff
from tests.factories.documents import kept_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("S90", "T8", "D22")]
RECEIVED = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)  # 25 December, then a week-end: due on the 28th
DUE = dt.date(2026, 12, 28)


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def dpo():
    return staff(Role.DPO)


def at(moment):
    moment = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(moment, dt.time(11), dt.UTC)
    return time_machine.travel(moment, tick=False)


def question(owner, kind=PrivacyKind.RESTRICTION, **fields):
    with at(RECEIVED):
        return open_request(owner=owner, kind=kind, message="Une donnée est contestée.", **fields)


def deletion(owner, count=1):
    documents = [kept_document(owner, Details(kind="bail", title=f"Bail {n}"), pages=n + 1) for n in range(count)]
    return question(owner, PrivacyKind.DELETION, documents=documents), documents


def state(document):
    document.refresh_from_db()
    return document.state


def test_it_is_due_in_a_month_told_and_traced(owner):
    made = question(owner)
    assert made.due_on == DUE
    alert = Alert.objects.get(user=owner)
    assert "28 décembre 2026" in alert.body
    assert "contestée" not in alert.subject + alert.body
    assert AccessEvent.objects.get(kind=AccessKind.PRIVACY_ASKED).subject == owner


@pytest.mark.parametrize(("day", "late"), [(-1, False), (0, False), (1, True)])
def test_it_is_late_the_day_after(owner, day, late):
    assert asked(question(owner), on=DUE + dt.timedelta(day)).late is late


@pytest.mark.parametrize(("day", "allowed"), [(0, True), (1, False)])
def test_it_is_extended_with_a_reason_within_the_first_month(owner, dpo, day, allowed):
    made = question(owner)
    with at(DUE + dt.timedelta(day)):
        if not allowed:
            with pytest.raises(DomainError, match="privacy_too_late"):
                extend_request(asked=made, by=dpo, reason="Recherches")
            return
        with pytest.raises(DomainError, match="privacy_reason_empty"):
            extend_request(asked=made, by=dpo, reason=" ")
        found = extend_request(asked=made, by=dpo, reason="Recherches dans les archives")
        assert found.due_on == dt.date(2027, 2, 25)
        with pytest.raises(DomainError, match="privacy_extended"):
            extend_request(asked=made, by=dpo, reason="Encore")
    assert asked(found, on=DUE).due.value == found.due_on
    assert Alert.objects.filter(user=owner, subject__contains="prolongé").exists()


def test_an_early_deletion_accepted_destroys_with_a_certificate(owner, dpo):
    made, (document, other) = deletion(owner, 2)
    apart = kept_document(owner, Details(title="Apart"), pages=5)
    answer_request(asked=made, by=dpo, accepted=True, answer="Accordé : document sans utilité.")
    assert {state(document), state(other)} == {DocumentState.DESTROYED}
    assert state(apart) == DocumentState.KEPT
    certificate = DestructionCertificate.objects.get()
    assert (certificate.cause, certificate.ran_by, certificate.total) == (DestructionCause.EARLY, dpo, 2)
    assert is_true(certificate)
    made.refresh_from_db()
    assert made.state == PrivacyState.ACCEPTED
    assert AccessEvent.objects.filter(kind=AccessKind.DOCUMENT_DESTROYED, actor=dpo, subject=owner).count() == 2


def test_what_a_hold_protects_stays(owner, dpo):
    made, (document, other) = deletion(owner, 2)
    place_hold(by=dpo, document=document, reason="Contentieux")
    answer_request(asked=made, by=dpo, accepted=True, answer="Accordé pour partie.")
    made.refresh_from_db()
    assert (state(document), state(other)) == (DocumentState.KEPT, DocumentState.DESTROYED)
    assert made.state == PrivacyState.PARTIAL
    assert asked(made, on=DUE).kept == (document,)


def test_nothing_is_answered_when_a_hold_protects_all(owner, dpo):
    made, (document,) = deletion(owner)
    place_hold(by=dpo, owner=owner, reason="Contentieux")
    with pytest.raises(DomainError, match="privacy_held"):
        answer_request(asked=made, by=dpo, accepted=True, answer="Accordé")
    made.refresh_from_db()
    assert (made.state, state(document)) == (PrivacyState.OPEN, DocumentState.KEPT)


def test_a_refusal_names_its_ground_and_destroys_nothing(owner, dpo):
    made, (document,) = deletion(owner)
    for wrong in ("", "autre"):
        with pytest.raises(DomainError, match="privacy_ground"):
            answer_request(asked=made, by=dpo, accepted=False, answer="Non", ground=wrong)
    answer_request(asked=made, by=dpo, accepted=False, answer="La pièce fonde une affectation.", ground="mission")
    made.refresh_from_db()
    assert (made.state, state(document)) == (PrivacyState.REFUSED, DocumentState.KEPT)
    assert asked(made, on=DUE).ground == rights_law().grounds["mission"]
    assert "affectation" not in "".join(Alert.objects.values_list("body", flat=True))


def test_nobody_decides_their_own_nor_twice_nor_without_words(owner, dpo):
    made = question(owner)
    for by, answer, code in ((owner, "Oui", "privacy_own"), (dpo, "  ", "privacy_answer_empty")):
        with pytest.raises(DomainError, match=code):
            answer_request(asked=made, by=by, accepted=True, answer=answer)
    answer_request(asked=made, by=dpo, accepted=True, answer="Limitation notée au dossier.")
    with pytest.raises(DomainError, match="privacy_settled"):
        answer_request(asked=made, by=dpo, accepted=True, answer="Encore")
    with pytest.raises(DomainError, match="privacy_settled"):
        withdraw_request(asked=made, by=owner)


def test_it_is_withdrawn_by_who_asked_only(owner, dpo):
    made, (document,) = deletion(owner)
    with pytest.raises(DomainError, match="privacy_not_owner"):
        withdraw_request(asked=made, by=dpo)
    withdraw_request(asked=made, by=owner)
    made.refresh_from_db()
    assert made.state == PrivacyState.WITHDRAWN
    assert list(open_to_deletion(owner)) == [document]


def test_documents_go_with_an_early_deletion_and_are_ones_own(owner):
    document = kept_document(owner, Details(title="Bail"))
    foreign = kept_document(UserFactory(), Details(title="Autre"), pages=2)
    for kind, documents, code in (
        (PrivacyKind.DELETION, [], "privacy_documents"),
        (PrivacyKind.ACCESS, [document], "privacy_documents"),
        (PrivacyKind.DELETION, [foreign], "privacy_not_owner"),
    ):
        with pytest.raises(DomainError, match=code):
            question(owner, kind, documents=documents)
    question(owner, PrivacyKind.DELETION, documents=[document])
    with pytest.raises(DomainError, match="privacy_already_open"):
        question(owner, PrivacyKind.DELETION, documents=[document])
    Document.objects.filter(pk=foreign.pk).update(state=DocumentState.DESTROYED, destroyed_at=RECEIVED)
    with pytest.raises(DomainError, match="privacy_not_owner"):
        question(foreign.owner, PrivacyKind.DELETION, documents=[foreign])


def test_a_document_destroyed_meanwhile_is_no_obstacle(owner, dpo):
    made, (document,) = deletion(owner)
    Document.objects.filter(pk=document.pk).update(state=DocumentState.DESTROYED, destroyed_at=RECEIVED)
    answer_request(asked=made, by=dpo, accepted=True, answer="Déjà détruit à son terme.")
    made.refresh_from_db()
    assert made.state == PrivacyState.ACCEPTED
    assert not DestructionCertificate.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": PrivacyState.ACCEPTED},
        {"state": PrivacyState.EXTENDED},
        {"ground": "mission"},
        {"state": PrivacyState.WITHDRAWN},
        {"kind": "autre"},
        {"state": "autre"},
    ],
)
def test_the_database_refuses_half_an_answer(owner, fields):
    made = question(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivacyRequest.objects.filter(pk=made.pk).update(**fields)
