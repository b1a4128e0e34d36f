"""An early deletion in a sending under way: nothing stays frozen, what was decided stays (S54, S90)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from documents.enums import DocumentState, ReviewState, SubmissionState
from documents.enums_privacy import PrivacyKind
from documents.models import Review
from documents.services.rights import answer_request, open_request
from documents.services.submit import complete
from iprof.correspondence.models import Alert
from security.enums import Role
from tests.career.web.pages import words
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.submissions import decide, row_of, sent_pieces

pytestmark = [pytest.mark.django_db, pytest.mark.req("S54", "S90")]
TWO = {"identite": "piece_identite", "liens": "bail"}


@pytest.fixture
def owner():
    return full_career().user


@pytest.fixture
def office():
    return staff(Role.GESTIONNAIRE)


@pytest.fixture
def dpo():
    return staff(Role.DPO)


def erased(submission, piece, dpo):
    """The document of a piece, destroyed at its owner's request."""
    document = submission.uses.get(piece=piece).document
    owner = submission.owner
    asked = open_request(owner=owner, kind=PrivacyKind.DELETION, message="Plus utile.", documents=[document])
    answer_request(asked=asked, by=dpo, accepted=True, answer="Accordé.")
    document.refresh_from_db()
    assert document.state == DocumentState.DESTROYED
    submission.refresh_from_db()
    return submission


def test_the_agent_is_asked_for_another_and_the_sending_goes_on_to_its_end(client, owner, office, dpo):
    submission = erased(sent_pieces(owner, "cimm", TWO), "liens", dpo)
    assert (submission.state, submission.first_complete) == (SubmissionState.INCOMPLETE, None)
    assert Alert.objects.filter(kind="demande.pieces", user=owner).count() == 1
    client.force_login(owner)
    assert "le document transmis est détruit, comme vous l'avez demandé" in words(
        client.get(submission.get_absolute_url())
    )
    complete(submission, chosen={"liens": [row_of(owner, "bail")]})
    for by in (office, staff(Role.GESTIONNAIRE, username="collegue")):
        submission.refresh_from_db()
        pieces = submission.uses.filter(review__in=("a-verifier", "second-regard"), replaced_at__isnull=True)
        submission = decide(submission, by, **dict.fromkeys(pieces.values_list("piece", flat=True), "accepter"))
    assert submission.state == SubmissionState.COMPLETE


def test_a_sending_with_nothing_left_is_closed(owner, dpo):
    submission = erased(sent_pieces(owner), "domicile", dpo)
    assert submission.state == SubmissionState.WITHDRAWN
    assert submission.closed_at


def test_what_was_decided_stays_as_it_was(owner, office, dpo):
    submission = decide(sent_pieces(owner, "cimm", TWO), office, liens="accepter")
    submission = erased(submission, "liens", dpo)
    use = submission.uses.get(piece="liens")
    assert (use.review, use.replaced_at, submission.state) == (ReviewState.ACCEPTED, None, SubmissionState.SENT)


def test_the_words_of_a_sending_go_with_its_last_document(client, owner, office, dpo):
    submission = sent_pieces(owner, "cimm", TWO)
    submission.message = "Ma situation de santé."
    submission.save()
    submission = decide(submission, office, liens="autre", identite="accepter")
    said = Review.objects.exclude(comment="")
    erased(submission, "liens", dpo)
    assert (said.count(), submission.message) == (1, "Ma situation de santé."), "one document is still there"
    with pytest.raises(IntegrityError), transaction.atomic():
        said.update(accepted=True, reason="")
    erased(submission, "identite", dpo)
    assert (said.count(), submission.message) == (0, "")
    document = submission.uses.first().document
    assert (document.title, document.kind) == ("", "piece_identite"), "its service alone reads what was said of it"
    client.force_login(owner)
    page = words(client.get(document.get_absolute_url()))
    assert "Document détruit" in page
    assert "sont effacés avec lui" in page
    assert document.sha256 in page


def test_a_decision_is_not_silenced_while_its_document_is_there(owner, office):
    decide(sent_pieces(owner), office, domicile="autre")
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(comment="")


def test_the_delegate_sees_the_sending_it_would_leave(client, owner, dpo):
    submission = sent_pieces(owner)
    document = submission.uses.get().document
    asked = open_request(owner=owner, kind=PrivacyKind.DELETION, message="Plus utile.", documents=[document])
    client.force_login(dpo)
    page = words(client.get(reverse("admin:documents_privacyrequest_change", args=[asked.pk])))
    assert f"{submission} (transmis, à vérifier)" in page
