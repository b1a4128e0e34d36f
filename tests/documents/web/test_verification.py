"""The queue and the page of a sending, as those of the service use them."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.enums import DocumentState, ReviewState, SubmissionState
from documents.models import Document, DocumentUse, DocumentVerdict, Review, StoredFile
from documents.selectors.review import piece_shown
from documents.services.deposit import Details
from documents.services.submit import complete
from security.enums import Role, ScopeKind
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.documents import kept_document
from tests.factories.submissions import BOTH, decide, row_of, sent_pieces

pytestmark = pytest.mark.django_db
LIST = "/gestion/documents/submission/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def owner():
    return full_career(last_name="Vasseur").user


@pytest.fixture
def office():
    return staff(Role.GESTIONNAIRE, first_name="Hélène", last_name="Marchand")


@pytest.fixture
def client(office):
    return signed(office)


def signed(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def page(submission) -> str:
    return reverse("admin:documents_submission_change", args=[submission.pk])


def use_of(submission, piece=None) -> DocumentUse:
    live = submission.uses.filter(replaced_at__isnull=True)
    return live.get(piece=piece) if piece else live.get()


def typed(submission, decision="accepter", *, piece=None, seen=0, essai=1, **more: str) -> dict[str, object]:
    key = f"piece-{use_of(submission, piece).pk}"
    return {
        "acte": "decider",
        "essai": essai,
        f"{key}-decision": decision,
        f"{key}-vu": seen,
        **{f"{key}-{name}": value for name, value in more.items()},
    }


@pytest.mark.req("S54")
def test_the_queue_shows_what_waits_the_oldest_first(client, office, owner, today):
    sent_pieces(owner)
    today.shift(dt.timedelta(days=14))
    sent_pieces(full_career(last_name="Abadie").user, "formation")
    decide(sent_pieces(full_career(last_name="Cazal").user), office, domicile="accepter")
    client = signed(office)
    text = words(client.get(LIST))
    assert text.index("Vasseur") < text.index("Abadie")
    assert "Cazal" not in text
    assert "1 sur 1" in text
    assert "Cazal" in words(client.get(LIST, {"attente": "tout"}))
    assert "Abadie" not in words(client.get(LIST, {"age": "10"}))
    assert "Vasseur" in words(client.get(LIST, {"age": "10"}))
    assert "Vasseur" not in words(client.get(LIST, {"age": "20"}))
    assert "Vasseur" not in words(client.get(LIST, {"procedure": "formation"}))
    assert "Abadie" not in words(client.get(LIST, {"q": "vasseur"}))
    assert "Envois de pièces à vérifier 2" in words(client.get("/gestion/"))


@pytest.mark.parametrize("query", [{"attente": "x"}, {"procedure": "x"}, {"age": "-1"}, {"age": "99999"}, {"p": "x"}])
def test_a_wrong_filter_breaks_nothing(client, owner, query):
    sent_pieces(owner)
    assert client.get(LIST, query).status_code in {200, 302}


@pytest.mark.req("S54")
def test_the_page_tells_what_is_needed_to_decide(client, owner):
    submission = sent_pieces(owner, "mobilite_inter", {"pacs": "pacs"})
    document = use_of(submission).document
    DocumentVerdict.objects.create(
        document=document, check_name="nettete", outcome="a-verifier", word="non-mesure", figures={}
    )
    text = words(client.get(page(submission)))
    for word in ("Vasseur", "Justificatif de PACS", "Valable", "Sans effet plus de 3 mois", "une personne vérifiera"):
        assert word in text, word
    assert "rofesseur" in text or "ertifié" in text


@pytest.mark.req("S54")
def test_the_pages_of_a_document_and_its_copy_are_one_click_away(client, owner, office):
    """Both leave a trace its owner sees: tests/documents/test_copies.py."""
    document = row_of(owner, "piece_identite", pages=3)
    html = client.get(page(sent_pieces(owner, "cimm", {"liens": "bail"}, identite=document))).content.decode()
    for number in (1, 2, 3):
        assert reverse("documents:preview", args=[document.pk, number]) in html
    assert reverse("documents:preview", args=[document.pk, 4]) not in html
    assert reverse("documents:staff_copy", args=[document.pk]) in html
    assert reverse("documents:download", args=[document.pk]) not in html  # an identity paper leaves marked only


@pytest.mark.req("S54")
def test_accept_one_and_refuse_another(client, owner, office):
    submission = sent_pieces(owner, "mobilite_inter", {"enfants": "livret_famille", "residence": "bail"})
    first, second = use_of(submission, "enfants"), use_of(submission, "residence")
    answer = client.post(
        page(submission),
        {
            **typed(submission, piece="enfants"),
            **typed(submission, "refuser", piece="residence", motif="illisible", precision="Page 2 floue."),
        },
        follow=True,
    )
    assert "2 décisions enregistrées. L'envoi est à compléter" in words(answer)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.review, second.review) == (ReviewState.ACCEPTED, ReviewState.REFUSED)
    kept = Review.objects.get(use=second)
    assert (kept.reason, kept.comment, kept.by) == ("illisible", "Page 2 floue.", office)
    assert "Hélène Marchand : Illisible. Page 2 floue." in words(client.get(page(submission)))


def test_another_document_is_asked_for_with_a_precision(client, owner):
    submission = sent_pieces(owner)
    answer = client.post(page(submission), typed(submission, "demander"))
    assert answer.status_code == 400
    assert "Ce motif ne suffit pas à l'agent" in words(answer)
    client.post(page(submission), typed(submission, "demander", precision="Joignez aussi la quittance."))
    assert Review.objects.get().reason == "autre-document"


@pytest.mark.parametrize(
    ("decision", "more", "sentence"),
    [
        ("refuser", {"precision": "Écrit longuement"}, "Le motif manque"),
        ("refuser", {"motif": "licorne", "precision": "Écrit longuement"}, "Ce motif n'existe pas"),
        ("detruire", {"precision": "Écrit longuement"}, "Cette décision n'existe pas"),
        ("refuser", {"motif": "illisible", "precision": "Écrit longuement" * 40}, "La précision dépasse 500"),
        ("refuser", {"motif": "illisible", "precision": "Écrit longuement \x00"}, "caractère nul"),
        ("refuser", {"motif": "illisible", "precision": "Écrit longuement 16E1234567ABC"}, "NUMEN"),
        ("", {"precision": "Écrit longuement"}, "Aucune décision n'est choisie"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(client, owner, decision, more, sentence):
    submission = sent_pieces(owner)
    answer = client.post(page(submission), typed(submission, decision, **more))
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert "Écrit longuement" in answer.content.decode()
    assert not Review.objects.exists()


@pytest.mark.req("D17")
def test_a_colleague_was_faster(client, owner):
    submission = sent_pieces(owner)
    sending = typed(submission, "refuser", motif="illisible", precision="Écrit longuement")
    decide(submission, staff(Role.GESTIONNAIRE, username="autre", first_name="Yann"), domicile="perime")
    answer = client.post(page(submission), sending)
    assert answer.status_code == 409
    assert "Un collègue a décidé" in words(answer)
    assert "Yann" in words(answer)
    assert "Écrit longuement" in answer.content.decode()
    assert 'value="1" id="id_piece' in answer.content.decode()  # seen now: sending again is a choice
    assert Review.objects.count() == 1


@pytest.mark.req("D17")
def test_the_agent_completed_meanwhile(client, owner, office):
    submission = decide(sent_pieces(owner), office, domicile="illisible")
    sending = typed(submission, "refuser", seen=1, motif="perime", precision="Écrit longuement")
    complete(submission, chosen={"domicile": [row_of(owner, title="Le nouveau")]})
    answer = client.post(page(submission), sending)
    assert answer.status_code == 409
    text = words(answer)
    assert "L'agent a complété son envoi" in text
    assert "Le nouveau" in text
    assert "Ce que vous aviez écrit sur une pièce qui n'est plus là Écrit longuement" in text


@pytest.mark.req("S54")
def test_what_was_asked_before_is_on_the_page_of_what_came_back(client, owner, office):
    submission = sent_pieces(owner, "mobilite_inter", BOTH)
    physicians = [staff(Role.MEDICAL, username=f"medecin{n}") for n in range(2)]
    decide(submission, office, enfants="autre-document")
    decide(submission, physicians[0], handicap="illisible")
    complete(
        submission,
        chosen={
            "enfants": [row_of(owner, "acte_naissance", title="Le nouveau")],
            "handicap": [row_of(owner, "rqth", title="Notification")],
        },
    )
    text = words(client.get(page(submission)))
    assert "Pièces que l'agent a remplacées Livret de famille ou acte de naissance : Piece livret_famille" in text
    assert "Un autre document est demandé. Joignez l'acte complet." in text
    assert "Le nouveau" in text
    assert "rqth" not in text
    medical = words(signed(physicians[1]).get(page(submission)))
    assert "Illisible" in medical
    assert "livret_famille" not in medical


@pytest.mark.req("D17")
def test_the_second_look(client, owner, office):
    submission = sent_pieces(owner, "cimm", {"identite": "piece_identite", "liens": "bail"})
    text = words(client.post(page(submission), {"acte": "tout", "essai": 1, **typed_all(submission)}, follow=True))
    assert "2 décisions enregistrées. L'agent sera averti" in text.replace("’", "'")
    assert "Vous l'avez acceptée : une autre personne doit la voir" in text
    assert "0 envoi" in words(client.get(LIST))
    other = signed(staff(Role.GESTIONNAIRE, username="autre"))
    assert "1 sur 2" in words(other.get(LIST))
    other.post(page(submission), typed(submission, piece="identite", seen=1))
    submission.refresh_from_db()
    assert submission.state == SubmissionState.COMPLETE


def typed_all(submission) -> dict[str, int]:
    return {f"piece-{use.pk}-vu": use.reviews.count() for use in submission.uses.all()}


def test_all_at_once_is_for_what_was_seen(client, owner):
    submission = sent_pieces(owner)
    for wrong in ({}, {f"piece-{use_of(submission).pk}-vu": "x"}, {f"piece-{use_of(submission).pk}-vu": "3"}):
        assert client.post(page(submission), {"acte": "tout", "essai": 1, **wrong}).status_code == 409
    assert not Review.objects.exists()


def test_all_at_once_does_not_pass_over_a_refusal_that_was_prepared(client, owner):
    submission = sent_pieces(owner)
    key = f"piece-{use_of(submission).pk}"
    typed = {
        f"{key}-vu": 0,
        f"{key}-decision": "refuser",
        f"{key}-motif": "illisible",
        f"{key}-precision": "La page 2 manque",
    }
    answer = client.post(page(submission), {"acte": "tout", "essai": 1, **typed})
    assert answer.status_code == 400
    assert "Vous avez préparé un refus" in answer.content.decode()
    assert "La page 2 manque" in answer.content.decode()
    assert not Review.objects.exists()


@pytest.mark.req("D16")
def test_who_sees_a_sending(owner):
    submission = sent_pieces(owner, "certificat_medical")
    for role, scope, status in (
        (Role.MEDICAL, "51", 200),
        (Role.MEDICAL, "08", 404),
        (Role.GESTIONNAIRE, "51", 404),
        (Role.HEAD, "51", 403),
        (Role.SUPERADMIN, "51", 403),
    ):
        client = signed(staff(role, scope_kind=ScopeKind.DEPARTEMENT, scope_code=scope, username=f"{role}-{scope}"))
        assert client.get(page(submission)).status_code == status, role
        assert client.post(page(submission), {"acte": "tout"}).status_code in {status, 409}, role
        if status == 200:
            assert "Certificat médical" in words(client.get(LIST))
        elif status == 404:
            assert "Certificat médical du" not in words(client.get(LIST))
    assert not Review.objects.exists()


@pytest.mark.req("D16", "D21")
def test_pieces_of_the_other_service_are_counted_not_named(client, owner):
    submission = sent_pieces(owner, "mobilite_inter", BOTH)
    text = words(client.get(page(submission)))
    assert "Pièces d'un autre service 1 : à vérifier" in text
    assert "handicap" not in text.lower()
    assert "Piece rqth" not in text
    medical = words(signed(staff(Role.MEDICAL)).get(page(submission)))
    assert "Piece rqth" in medical
    assert "Piece livret_famille" not in medical


def test_several_plain_sendings_are_accepted_after_a_recap(client, owner, office):
    plain = [sent_pieces(full_career(last_name=f"Simple{n}").user) for n in range(3)]
    late = sent_pieces(owner)
    Document.objects.filter(uses__submission=late).update(dated_on=dt.date(2026, 12, 1))  # a date to come
    identity = sent_pieces(owner, "cimm", {"identite": "piece_identite", "liens": "bail"})
    chosen = {"action": "accept_several", "_selected_action": [row.pk for row in (*plain, late, identity)]}
    recap = client.post(LIST, chosen)
    assert "Total 4 pièces 2 pièces" in words(recap)
    assert not Review.objects.exists()
    sending = {**chosen, "confirmer": "oui", **hidden(recap)}
    decide(plain[0], staff(Role.GESTIONNAIRE, username="autre"), domicile="illisible")
    text = words(client.post(LIST, sending, follow=True))
    assert "3 pièces acceptées" in text
    assert "laissés tels quels : 1" in text
    states = [row.state for row in (*plain, late, identity) if row.refresh_from_db() is None]
    assert states == ["a-completer", "complet", "complet", "transmis", "transmis"]


@pytest.mark.parametrize(("word", "plain"), [("non-lu", True), ("illisible", False)])
def test_a_heading_that_no_machine_has_read_may_be_accepted_with_others(owner, office, word, plain):
    """Where no reader of headings is installed, every scan is so."""
    use = sent_pieces(owner).uses.get()
    verdict = {"check_name": "en-tete", "outcome": "a-verifier", "word": word}
    DocumentVerdict.objects.filter(document=use.document, check_name="en-tete").delete()
    DocumentVerdict.objects.create(document=use.document, **verdict)
    assert piece_shown(use, office).plain is plain


def hidden(response) -> dict[str, str]:
    return dict(re.findall(r'name="((?:plan|essai)-\d+)" value="([^"]*)"', response.content.decode()))


@pytest.mark.parametrize("plan", ["", "x", "1:2:3", "999999:0", "9" * 3000])
def test_a_plan_made_up_does_nothing(client, owner, plan):
    submission = sent_pieces(owner)
    data = {"action": "accept_several", "_selected_action": [submission.pk], "confirmer": "oui"}
    answer = client.post(LIST, {**data, f"plan-{submission.pk}": plan, f"essai-{submission.pk}": "1"}, follow=True)
    assert answer.status_code == 200
    assert not Review.objects.exists()


def test_queries_do_not_grow_with_rows(client, office, owner):
    few, many = [], []
    for counted, more in ((few, 1), (many, 6)):
        for number in range(more):
            sent_pieces(full_career(last_name=f"Agent{number}").user)
        client = signed(office)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counted.append(len(queries))
    assert few == many
    few, many = [], []
    for counted, kinds in ((few, ["diplome"]), (many, ["diplome", "attestation_stage", "diplome", "diplome"])):
        submission = sent_pieces(owner, "formation", {"attestation": "diplome"})
        for kind in kinds[1:]:
            DocumentUse.objects.create(submission=submission, document=row_of(owner, kind), piece="attestation", eyes=1)
        client = signed(office)
        with CaptureQueriesContext(connection) as queries:
            client.get(page(submission))
        counted.append(len(queries))
    assert few == many


def test_fields_that_are_not_of_the_form_change_nothing(client, owner, office):
    submission = sent_pieces(owner)
    harm = {
        "state": "complet",
        "owner": office.pk,
        "review": "accepte",
        "eyes": 1,
        "first_complete": "on",
        "by": owner.pk,
    }
    client.post(page(submission), {**typed(submission, "refuser", motif="illisible"), **harm})
    submission.refresh_from_db()
    assert (submission.state, submission.owner, submission.first_complete) == ("a-completer", owner, False)
    assert Review.objects.get().by == office


def test_a_document_that_is_gone_is_said(client, owner):
    submission = sent_pieces(owner)
    Document.objects.update(state=DocumentState.DESTROYED, destroyed_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
    text = words(client.get(page(submission)))
    assert "Détruit" in text
    assert "Télécharger" not in text
    assert "0 envoi" in words(client.get(LIST))


def test_a_content_found_damaged_is_said_and_never_accepted_with_others(client, owner):
    document = kept_document(owner, Details("justificatif_domicile", "JustifDomicile", dt.date(2026, 11, 2), None))
    submission = sent_pieces(owner, domicile=document)
    StoredFile.objects.update(damaged_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))
    text = words(client.get(page(submission)))
    assert "Contenu perdu" in text
    assert "Télécharger" not in text
    recap = client.post(LIST, {"action": "accept_several", "_selected_action": [submission.pk]})
    assert "Total 0 pièce 1 pièce" in words(recap)
