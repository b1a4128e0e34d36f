"""« Par procédure » and « Mes envois »: the checklist, the sending, its receipt, completing and taking back."""

import datetime as dt
import io
import re
import uuid

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from documents.domain.procedures import procedures
from documents.enums import ReviewState, SubmissionState
from documents.models import Document, DocumentUse, StoredFile, Submission
from documents.services import own
from documents.services.deposit import Details
from documents.services.review import Decision, review
from documents.services.submit import submit
from iprof.correspondence.models import Alert
from security.enums import Role
from tests.career.web.pages import words
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.documents import kept_document, proof_of_address, refused_by_service, sent_address

pytestmark = pytest.mark.django_db
ADDRESS = "/mes-documents/procedures/changement_adresse/"


def post(client, url, **typed):
    return client.post(url, typed)


@pytest.mark.req("S14", "S54", "S61")
def test_every_procedure_tells_its_pieces_and_where_each_gap_is_filled(client):
    text = words(client.get("/mes-documents/procedures/"))
    for law in procedures().values():
        assert law.label in text
        page = client.get(reverse("documents:procedure", args=[law.code]))
        shown = words(page)
        assert all(piece.label in shown for piece in law.pieces.values())
        needed = [piece for piece in law.pieces.values() if piece.always]
        assert all(f"?type={piece.types[0]}&amp;procedure={law.code}" in page.content.decode() for piece in needed)


@pytest.mark.req("S54")
def test_a_document_held_answers_wherever_its_type_is_asked(client, owner):
    document = proof_of_address(owner)
    for code in ("changement_adresse", "mobilite_inter", "cimm"):
        page = client.get(reverse("documents:procedure", args=[code])).content.decode()
        assert "JustifDomicile" in page, code
    assert document.title in words(client.get(ADDRESS))


@pytest.mark.req("S70")
def test_an_expired_piece_is_named_and_cannot_be_sent(client, owner):
    old = kept_document(
        owner, Details("extrait_naissance_pacs", "Extrait_PACS", timezone.localdate() - dt.timedelta(200))
    )
    url = reverse("documents:procedure", args=["situation_familiale"])
    assert "périmé aujourd'hui" in words(client.get(url)).replace("’", "'")
    answer = post(client, url, piece_union_enfants=str(old.pk), etape="envoyer", cle=str(uuid.uuid4()))
    assert answer.status_code == 400
    assert not Submission.objects.exists()


@pytest.mark.req("S14")
def test_choose_read_over_send(client, owner):
    document = proof_of_address(owner)
    chosen = {"piece_domicile": str(document.pk), "message": "Depuis le 1er octobre."}
    recap = client.post(ADDRESS, chosen | {"etape": "relire"})
    assert recap.status_code == 200
    assert "Rien n'est encore envoyé" in words(recap)
    assert "Depuis le 1er octobre." in words(recap)
    assert not Submission.objects.exists()
    key = recap.context["key"]
    answer = client.post(ADDRESS, chosen | {"etape": "envoyer", "cle": str(key)})
    sent = Submission.objects.get()
    assert answer["Location"] == sent.get_absolute_url()
    assert (sent.message, sent.state, sent.public_id) == ("Depuis le 1er octobre.", SubmissionState.SENT, key)
    document.refresh_from_db()
    assert document.review == ReviewState.WAITING
    page = words(client.get(sent.get_absolute_url()))
    assert document.sha256 in page
    assert "Transmis, à vérifier" in page
    assert Alert.objects.get(user=owner, kind="demande.envoi").link == sent.get_absolute_url()


def test_a_sending_asked_twice_is_sent_once(client, owner):
    document, key = proof_of_address(owner), str(uuid.uuid4())
    answers = [post(client, ADDRESS, piece_domicile=str(document.pk), etape="envoyer", cle=key) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert Submission.objects.count() == 1


def test_the_key_of_somebody_elses_sending_makes_another(client, owner):
    other = sent_address(full_career().user)
    document = proof_of_address(owner)
    post(client, ADDRESS, piece_domicile=str(document.pk), etape="envoyer", cle=str(other.public_id))
    assert Submission.objects.get(owner=owner).public_id != other.public_id


def test_what_was_chosen_is_still_there_when_it_is_changed(client, owner):
    first, second = proof_of_address(owner), proof_of_address(owner, lines=14)
    typed = {"piece_domicile": str(second.pk), "message": "Relu", "etape": "modifier"}
    page = client.post(ADDRESS, typed).content.decode()
    assert re.search(f'value="{second.pk}"[^>]* checked', page)
    assert page.count("checked") == 1
    assert "Relu" in page
    assert str(first.pk) in page


@pytest.mark.parametrize("message", ["x" * 2001, "Mon NUMEN est 06E2345678ABC"])
def test_a_message_at_fault_is_told_and_kept(client, owner, message):
    document = proof_of_address(owner)
    answer = post(client, ADDRESS, piece_domicile=str(document.pk), message=message, etape="relire")
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert "checked" in answer.content.decode()


def test_nothing_chosen_is_told_at_the_piece(client, owner):
    proof_of_address(owner)
    answer = post(client, ADDRESS, etape="relire")
    assert answer.status_code == 400
    assert words(answer).count("Aucun document n'est choisi") == 2  # in the summary and at the field


def test_another_persons_document_cannot_be_joined(client, owner):
    proof_of_address(owner)
    theirs = proof_of_address(full_career().user, lines=15)
    answer = post(client, ADDRESS, piece_domicile=str(theirs.pk), etape="envoyer")
    assert answer.status_code == 400
    assert "n'est plus disponible" in words(answer)
    assert not DocumentUse.objects.exists()


def test_a_sent_document_changes_no_more(client, owner):
    document = proof_of_address(owner)
    sent_address(owner, document)
    with pytest.raises(own.NotNow):
        own.describe(document, Details("bail", "Bail"))
    with pytest.raises(own.NotNow):
        own.withdraw(document, by=owner)


@pytest.mark.req("S54", "S55")
def test_what_the_service_refuses_is_told_and_completed(client, owner):
    sent = sent_address(owner)
    first = refused_by_service(sent, staff(Role.GESTIONNAIRE))
    page = words(client.get(sent.get_absolute_url()))
    assert "Le service demande un autre document" in page
    assert "ne se lit pas assez bien" in page
    another = proof_of_address(owner, lines=16)
    answer = post(client, sent.get_absolute_url(), piece_domicile=str(another.pk), message="Plus lisible.")
    assert answer.status_code == 302
    sent.refresh_from_db()
    first.refresh_from_db()
    assert (sent.state, sent.attempt) == (SubmissionState.SENT, 2)
    assert first.replaced_at is not None
    page = words(client.get(sent.get_absolute_url()))
    assert "Pièces remplacées" in page
    assert "Le service demande" not in page


def test_the_refused_document_is_not_offered_again(client, owner):
    sent = sent_address(owner)
    use = refused_by_service(sent, staff(Role.GESTIONNAIRE))
    answer = post(client, sent.get_absolute_url(), piece_domicile=str(use.document_id))
    assert answer.status_code == 400
    sent.refresh_from_db()
    assert sent.state == SubmissionState.INCOMPLETE


def test_a_sending_that_asks_nothing_is_not_completed(client, owner):
    sent = sent_address(owner)
    answer = post(client, sent.get_absolute_url(), piece_domicile=str(proof_of_address(owner, lines=17).pk))
    assert answer.status_code == 400
    assert "n'est pas à compléter" in words(answer)


def two_diplomas(owner):
    """A sending of two documents for one piece."""
    both = [kept_document(owner, Details("diplome", f"Diplome_{n}"), lines=30 + n) for n in range(2)]
    return submit(owner=owner, procedure=procedures()["formation"], chosen={"attestation": both})


def decided(sent, by, *reasons):
    """Each piece accepted (empty) or answered by a reason, in order."""
    said = [
        Decision(
            use.pk,
            accepted=not reason,
            seen=0,
            reason=reason,
            comment="Le relevé" if reason == "autre-document" else "",
        )
        for use, reason in zip(sent.uses.order_by("pk"), reasons, strict=True)
    ]
    review(submission=sent, by=by, decisions=said, attempt=1)
    sent.refresh_from_db()
    return sent


@pytest.mark.req("S54")
def test_what_was_accepted_stays_when_the_rest_is_completed(client, owner):
    sent = decided(two_diplomas(owner), staff(Role.GESTIONNAIRE), "", "illisible")
    accepted, refused = sent.uses.order_by("pk")
    page = client.get(sent.get_absolute_url()).content.decode()
    assert str(accepted.document_id) not in page.partition("piece_attestation")[2].partition("</form>")[0]
    another = kept_document(owner, Details("diplome", "Diplome_lisible"), lines=40)
    typed = {"piece_attestation": [str(another.pk), str(accepted.document_id)]}
    assert client.post(sent.get_absolute_url(), typed).status_code == 400, "it was not offered"
    assert client.post(sent.get_absolute_url(), {"piece_attestation": [str(another.pk)]}).status_code == 302
    alive = sent.uses.filter(replaced_at__isnull=True)
    assert {use.document_id for use in alive} == {accepted.document_id, another.pk}
    refused.refresh_from_db()
    assert refused.replaced_at is not None


def test_a_document_that_is_not_at_fault_may_be_sent_again_with_another(client, owner):
    sent = decided(two_diplomas(owner), staff(Role.GESTIONNAIRE), "", "autre-document")
    kept = sent.uses.order_by("pk").last()
    another = kept_document(owner, Details("diplome", "Releve"), lines=41)
    both = {"piece_attestation": [str(another.pk), str(kept.document_id)]}
    assert client.post(sent.get_absolute_url(), both).status_code == 302
    assert sent.uses.filter(replaced_at__isnull=True).count() == 3


def test_sent_again_from_an_old_page_after_it_was_taken_back(client, owner):
    document, key = proof_of_address(owner), str(uuid.uuid4())
    first = post(client, ADDRESS, piece_domicile=str(document.pk), etape="envoyer", cle=key)["Location"]
    client.post(f"{first}retirer/")
    again = post(client, ADDRESS, piece_domicile=str(document.pk), etape="envoyer", cle=key)["Location"]
    assert again != first
    assert Submission.objects.filter(owner=owner, state=SubmissionState.SENT).count() == 1


def test_what_the_service_sent_back_may_be_taken_back(client, owner):
    sent = sent_address(owner)
    refused_by_service(sent, staff(Role.GESTIONNAIRE))
    assert client.post(reverse("documents:submission_withdraw", args=[sent.public_id])).status_code == 302
    sent.refresh_from_db()
    assert sent.state == SubmissionState.WITHDRAWN


def test_a_piece_whose_content_is_lost_says_so(client, owner):
    document = proof_of_address(owner)
    StoredFile.objects.filter(document=document).update(damaged_at=timezone.now())
    assert "contenu perdu" in words(client.get(ADDRESS))
    assert "JustifDomicile" not in words(client.get(reverse("documents:offline")))


def test_the_receipt_is_named_by_the_day_in_paris(client, owner, time_machine):
    sent = sent_address(owner)
    Submission.objects.filter(pk=sent.pk).update(sent_at=dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC))
    answer = client.get(reverse("documents:submission_receipt", args=[sent.public_id]))
    assert "Recepisse_2026-11-25.pdf" in answer["Content-Disposition"]


def test_taken_back_before_anyone_looked(client, owner):
    sent = sent_address(owner)
    url = reverse("documents:submission_withdraw", args=[sent.public_id])
    assert "Retirer l'envoi" in words(client.get(url))
    assert client.post(url).status_code == 302
    sent.refresh_from_db()
    assert sent.state == SubmissionState.WITHDRAWN
    document = Document.objects.get()
    assert document.review == ReviewState.NONE
    own.withdraw(document, by=owner)


def test_not_taken_back_while_the_service_decides(client, owner):
    sent = two_diplomas(owner)
    use = sent.uses.first()
    said = Decision(use.pk, accepted=False, seen=0, reason="illisible")
    review(submission=sent, by=staff(Role.GESTIONNAIRE), decisions=[said], attempt=1)
    answer = client.post(reverse("documents:submission_withdraw", args=[sent.public_id]))
    assert answer.status_code == 409
    assert "déjà examiné" in words(answer)


@pytest.mark.req("S14")
def test_the_receipt_is_a_tagged_pdf_with_the_hash_of_each_file(client, owner):
    sent = sent_address(owner)
    answer = client.get(reverse("documents:submission_receipt", args=[sent.public_id]))
    assert answer["Content-Disposition"].startswith("attachment")
    with pikepdf.open(io.BytesIO(answer.content)) as made:
        assert made.Root.MarkInfo.Marked
        assert str(made.Root.Lang) == "fr"
        assert "Récépissé" in str(made.docinfo["/Title"])
    import pypdfium2  # noqa: PLC0415

    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    assert Document.objects.get().sha256 in "".join(text.split())


def test_somebody_elses_sending_does_not_exist(client):
    sent = sent_address(full_career().user)
    for name in ("submission", "submission_receipt", "submission_withdraw"):
        assert client.get(reverse(f"documents:{name}", args=[sent.public_id])).status_code == 404
    assert client.post(reverse("documents:submission_withdraw", args=[sent.public_id])).status_code == 404


def test_an_unknown_procedure_does_not_exist(client):
    assert client.get("/mes-documents/procedures/inconnue/").status_code == 404


def test_the_query_count_does_not_grow(client, owner):
    counts = []
    for number in range(2):
        for step in range(3):
            sent_address(owner, proof_of_address(owner, lines=20 + number * 3 + step))
        found = []
        for url in (
            "/mes-documents/procedures/",
            ADDRESS,
            "/mes-documents/envois/",
            Submission.objects.first().get_absolute_url(),
        ):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
