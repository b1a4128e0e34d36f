"""What the service says of the pieces: decisions, two people, what changes meanwhile, what the agent is told."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, transaction

from documents.enums import ReviewState, SubmissionState
from documents.models import DocumentUse, Review
from documents.policies import documents_for, submissions_for, uses_for
from documents.services.review import Decision, review
from documents.services.submit import complete, take_back
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security.enums import Role, ScopeKind
from security.models import AccessEvent
from tests.at_once import at_once
from tests.factories.accounts import HabilitationFactory, UserFactory, staff
from tests.factories.career import full_career
from tests.factories.submissions import BOTH, decide, row_of, sent_pieces

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def owner():
    return full_career().user


@pytest.fixture
def office():
    return staff(Role.GESTIONNAIRE)


@pytest.fixture
def colleague():
    return staff(Role.GESTIONNAIRE, username="collegue")


@pytest.fixture
def physician():
    return staff(Role.MEDICAL)


def one(submission, accepted=True, reason="", comment="", seen=0) -> list[Decision]:
    return [Decision(submission.uses.get(replaced_at__isnull=True).pk, accepted, seen, reason, comment)]


@pytest.mark.req("S54", "S55")
def test_all_accepted_is_complete_at_the_first_attempt(owner, office):
    submission = decide(sent_pieces(owner), office, domicile="accepter")
    assert (submission.state, submission.first_complete) == (SubmissionState.COMPLETE, True)
    assert submission.closed_at
    assert submission.uses.get().document.review == ReviewState.ACCEPTED
    alert = Alert.objects.get(kind="demande.pieces")
    assert (alert.user, alert.kind) == (owner, "demande.pieces")
    line = AccessEvent.objects.get(kind="piece.verification")
    assert (line.actor, line.subject, line.detail["decision"]) == (office, owner, "Accepté par le service")


@pytest.mark.req("S54", "S55", "K6")
def test_one_refused_sends_it_back_once_all_is_seen(owner, office):
    submission = sent_pieces(owner, "cimm", {"identite": "piece_identite", "liens": "bail"})
    decide(submission, office, liens="illisible")
    submission.refresh_from_db()
    assert (submission.state, Alert.objects.filter(kind="demande.pieces").count()) == (SubmissionState.SENT, 0)
    submission = decide(submission, office, identite="autre-personne")
    assert (submission.state, submission.first_complete, submission.closed_at) == ("a-completer", False, None)
    alert = Alert.objects.get(kind="demande.pieces")
    assert "illisible" not in f"{alert.subject} {alert.body}".lower()


@pytest.mark.req("S55")
def test_completed_at_the_second_attempt_is_not_complete_at_the_first(owner, office):
    submission = decide(sent_pieces(owner), office, domicile="perime")
    complete(submission, chosen={"domicile": [row_of(owner)]})
    submission = decide(submission, office, domicile="accepter")
    assert (submission.state, submission.attempt, submission.first_complete) == ("complet", 2, False)
    assert Alert.objects.filter(kind="demande.pieces").count() == 2


@pytest.mark.req("S71")
@pytest.mark.parametrize("decision", ["accepter", "illisible"])
def test_the_mail_says_nothing_of_what_was_sent(owner, physician, decision):
    submission = sent_pieces(owner, "certificat_medical")
    decide(submission, physician, certificat=decision)
    decide(submission, staff(Role.MEDICAL, username="medecin2"), certificat=decision)
    for alert in Alert.objects.filter(kind="demande.pieces"):
        told = f"{alert.subject} {alert.body}".lower()
        assert not any(word in told for word in ("médical", "certificat", "santé", "piece certificat"))
    assert Alert.objects.filter(kind="demande.pieces").exists()


@pytest.mark.req("D17")
def test_a_sensitive_piece_takes_two_people_to_accept_and_one_to_refuse(owner, office, colleague):
    submission = sent_pieces(owner, "cimm", {"identite": "piece_identite", "liens": "bail"})
    submission = decide(submission, office, identite="accepter", liens="accepter")
    use = submission.uses.get(piece="identite")
    assert (use.review, submission.state) == (ReviewState.SECOND, SubmissionState.SENT)
    with pytest.raises(DomainError, match="review_twice"):
        decide(submission, office, identite="accepter")
    assert decide(submission, colleague, identite="accepter").state == SubmissionState.COMPLETE
    other = decide(
        sent_pieces(owner, "cimm", {"identite": "piece_identite", "liens": "bail"}), office, liens="accepter"
    )
    assert decide(other, office, identite="illisible").state == SubmissionState.INCOMPLETE


@pytest.mark.req("D17")
def test_the_database_holds_it_too(owner, office):
    submission = sent_pieces(owner, "cimm", {"identite": "piece_identite", "liens": "bail"})
    decide(submission, office, identite="accepter")
    use = submission.uses.get(piece="identite")
    for change in (
        lambda: DocumentUse.objects.filter(pk=use.pk).update(review=ReviewState.ACCEPTED),
        lambda: DocumentUse.objects.filter(pk=use.pk).update(eyes=1),
        lambda: DocumentUse.objects.create(
            submission=submission, document=row_of(owner), piece="liens", review=ReviewState.ACCEPTED
        ),
        lambda: Review.objects.update(accepted=False, reason="illisible"),
        lambda: Review.objects.all().delete(),
        lambda: Review.objects.create(use=use, accepted=True, by=owner),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    Review.objects.create(use=use, accepted=True, by=UserFactory(username="tiers"))
    DocumentUse.objects.filter(pk=use.pk).update(review=ReviewState.ACCEPTED)


def test_a_decision_is_undone_by_another_and_both_stay(owner, office, colleague):
    submission = decide(sent_pieces(owner), office, domicile="accepter")
    submission = decide(submission, colleague, domicile="mauvais-type")
    assert (submission.state, submission.closed_at, submission.first_complete) == ("a-completer", None, False)
    submission = decide(submission, office, domicile="accepter")
    assert (submission.state, submission.first_complete) == ("complet", True)
    assert Review.objects.count() == 3
    assert AccessEvent.objects.filter(kind="piece.verification", detail__undoes="oui").count() == 2
    assert Alert.objects.filter(kind="demande.pieces").count() == 3


def refused(code: str, submission, by, decisions, attempt=1) -> None:
    before = Review.objects.count(), list(DocumentUse.objects.order_by("pk").values_list("review", flat=True))
    with pytest.raises(DomainError, match=code):
        review(submission=submission, by=by, decisions=decisions, attempt=attempt)
    assert before == (Review.objects.count(), list(DocumentUse.objects.order_by("pk").values_list("review", flat=True)))


def test_two_people_on_one_piece_the_second_is_told(owner, office, colleague):
    submission = sent_pieces(owner)
    typed = one(submission, accepted=False, reason="illisible")
    decide(submission, colleague, domicile="accepter")
    refused("review_changed", submission, office, typed)


def test_what_the_agent_completed_meanwhile_is_not_decided_on_blindly(owner, office):
    submission = decide(sent_pieces(owner), office, domicile="illisible")
    typed = one(submission, seen=1)
    complete(submission, chosen={"domicile": [row_of(owner)]})
    refused("review_completed", submission, office, typed, attempt=1)
    refused("review_replaced", submission, office, typed, attempt=2)


def test_what_is_taken_back_or_destroyed_is_not_decided_on(owner, office):
    submission = sent_pieces(owner)
    typed = one(submission)
    document = submission.uses.get().document
    type(document).objects.filter(pk=document.pk).update(state="detruit", destroyed_at=dt.datetime.now(dt.UTC))
    refused("review_destroyed", submission, office, typed)
    type(submission).objects.update(state="retire", closed_at=dt.datetime.now(dt.UTC))
    refused("review_gone", submission, office, typed)


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ({"accepted": False, "reason": ""}, "review_reason"),
        ({"accepted": False, "reason": "licorne"}, "review_reason"),
        ({"accepted": False, "reason": "non-traduit"}, "review_reason"),  # of other procedures
        ({"accepted": False, "reason": "autre", "comment": " "}, "review_comment"),
        ({"accepted": False, "reason": "autre-document"}, "review_comment"),
        ({"accepted": True, "seen": 3}, "review_changed"),
    ],
)
def test_a_decision_says_why(owner, office, decision, code):
    submission = sent_pieces(owner)
    refused(code, submission, office, one(submission, **decision))
    refused("review_nothing", submission, office, [])


def test_a_piece_of_another_sending_is_not_decided_on_from_here(owner, office):
    submission, other = sent_pieces(owner), sent_pieces(owner)
    refused("review_gone", submission, office, one(other))


@pytest.mark.req("D16", "D21")
def test_each_service_sees_its_own_pieces_and_decides_on_them_alone(owner, office, physician):
    submission = sent_pieces(owner, "mobilite_inter", BOTH)
    kinds = {user: {use.document.kind for use in uses_for(user, on=ON)} for user in (office, physician)}
    assert kinds == {office: {"livret_famille"}, physician: {"rqth"}}
    assert {one.kind for one in documents_for(office, on=ON)} == {"livret_famille"}
    assert {one.kind for one in documents_for(physician, on=ON)} == {"rqth"}
    medical = submission.uses.get(piece="handicap")
    refused("review_gone", submission, office, [Decision(medical.pk, True, 0)])
    decide(submission, office, enfants="accepter")
    decide(submission, physician, handicap="accepter")
    assert decide(submission, staff(Role.MEDICAL, username="medecin2"), handicap="accepter").state == "complet"


@pytest.mark.req("D16", "D21")
def test_what_is_sent_to_a_service_is_not_for_the_other(owner, office, physician):
    address, certificate = sent_pieces(owner), sent_pieces(owner, "certificat_medical")
    assert list(submissions_for(office, on=ON)) == [address]
    assert list(submissions_for(physician, on=ON)) == [certificate]
    for user in (staff(Role.SUPERADMIN), staff(Role.HEAD, scope_kind=ScopeKind.ESTABLISHMENT, scope_code="0510001A")):
        assert not submissions_for(user, on=ON).exists()


@pytest.mark.req("D16")
def test_the_habilitation_of_one_role_opens_nothing_to_another(owner):
    """Head of the school of the agent, gestionnaire of another département; then physician elsewhere."""
    place = owner.agent.assignments.first().uai
    head = UserFactory(username="proviseur", staff=True, roles=[Role.HEAD, Role.GESTIONNAIRE, Role.MEDICAL])
    HabilitationFactory(user=head, role=Role.HEAD, scope_kind=ScopeKind.ESTABLISHMENT, scope_code=place)
    HabilitationFactory(user=head, role=Role.GESTIONNAIRE, scope_code="08")
    HabilitationFactory(user=head, role=Role.MEDICAL, scope_code="10")
    sent_pieces(owner, "mobilite_inter", BOTH)
    assert not submissions_for(head, on=ON).exists()
    assert not documents_for(head, on=ON).exists()
    clerk = UserFactory(username="double", staff=True, roles=[Role.GESTIONNAIRE, Role.MEDICAL])
    HabilitationFactory(user=clerk, role=Role.GESTIONNAIRE, scope_code="51")
    HabilitationFactory(user=clerk, role=Role.MEDICAL, scope_code="08")
    assert {use.document.kind for use in uses_for(clerk, on=ON)} == {"livret_famille"}


@pytest.mark.req("D17")
def test_nobody_verifies_their_own(owner):
    owner.groups.add(*staff(Role.GESTIONNAIRE, username="modele").groups.all())
    HabilitationFactory(user=owner, scope_kind=ScopeKind.ACADEMIE, scope_code="")
    submission = sent_pieces(owner)
    sent_pieces(full_career(last_name="Autre").user)
    assert submission not in submissions_for(owner, on=ON)
    assert submissions_for(owner, on=ON).count() == 1
    refused("review_gone", submission, owner, one(submission))


def outcomes(*acts) -> list[str]:
    """What each of several acts, done at the same moment, ends with."""
    waiting = list(acts)
    given = at_once(lambda: waiting.pop()(), times=len(acts))
    return sorted(one.code if isinstance(one, DomainError) else type(one).__name__ for one in given)


@pytest.mark.req("D17")
@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_make_one_decision(owner, office, colleague):
    submission = sent_pieces(owner)
    typed = one(submission)
    acts = [
        lambda by=by: review(submission=submission, by=by, decisions=typed, attempt=1) for by in (office, colleague)
    ]
    assert outcomes(*acts) == ["Submission", "review_changed"]
    assert Review.objects.count() == 1


@pytest.mark.req("D17")
@pytest.mark.django_db(transaction=True)
def test_taken_back_or_decided_never_both(owner, office):
    submission = sent_pieces(owner)
    typed = one(submission)
    found = outcomes(
        lambda: review(submission=submission, by=office, decisions=typed, attempt=1), lambda: take_back(submission)
    )
    submission.refresh_from_db()
    assert (found, submission.state) in [
        (["NoneType", "review_gone"], SubmissionState.WITHDRAWN),
        (["NotTakenBack", "Submission"], SubmissionState.COMPLETE),
    ]
    assert Review.objects.exists() == (submission.state == SubmissionState.COMPLETE)
