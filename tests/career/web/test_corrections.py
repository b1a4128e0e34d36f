"""« Signaler une erreur » from the form to the answer, without any script."""

import datetime as dt
import re
import uuid

import pytest
from django.core import mail
from django.utils.html import escape

from career.enums import CorrectionState, FactKind
from career.models import CorrectionRequest
from career.services.corrections import answer_correction, open_correction, take_up
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security.enums import AccessKind, Role
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import AgentFactory, CorrectionRequestFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("D22", "S84")]
NEW, LIST = "/ma-carriere/demandes/nouvelle/", "/ma-carriere/demandes/"
MESSAGE = "La date d'effet devrait être le 1er février 2025 :\nl'arrêté le dit."


def form_data(response) -> list[dict[str, str]]:
    """The hidden fields of each form of the main part, as a browser without script would send them."""
    main = response.content.decode().split("<main")[1].split("</main")[0]
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", main, re.DOTALL)
    found = []
    for form in forms:
        pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        found.append({name: value.replace("&#x27;", "'").replace("&amp;", "&") for name, value in pairs})
    return found


@pytest.fixture
def gestionnaire():
    return staff(Role.GESTIONNAIRE)


def about(agent, **fields):
    fact = agent.steps.get()
    return {"nature": "echelon", "ref": fact.ref, "message": MESSAGE} | fields


def test_the_form_shows_the_fact_and_its_source(client, teacher):
    text = words(client.get(NEW, {"nature": "echelon", "ref": teacher.steps.get().ref}))
    assert "Professeur certifié, classe normale, 6e échelon, 10 février 2025" in text
    assert "Source : Arrêté n° 2025-AR-0042 · SIAE Reims, transmis le 2 septembre 2026" in text
    assert "Étape 1 sur 2" in text


@pytest.mark.req("E06", "E29")
def test_form_recap_edit_and_deposit_without_script(client, teacher, django_capture_on_commit_callbacks):
    recap = client.post(NEW, about(teacher, etape="verifier"))
    assert recap.status_code == 200
    text = words(recap)
    assert "La date d'effet devrait être le 1er février 2025" in text
    assert "Réponse due au plus tard le 24 décembre 2026" in text
    assert "Votre demande n'est pas encore envoyée" in text
    assert not CorrectionRequest.objects.exists()

    send, edit = form_data(recap)
    back = client.post(NEW, edit)
    assert back.status_code == 200
    assert escape(MESSAGE).replace("\n", "") in back.content.decode().replace("\r", "").replace("\n", "")

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(NEW, send, follow=True)
    correction = CorrectionRequest.objects.get()
    assert done.redirect_chain == [(f"{LIST}{correction.public_id}/", 302)]
    assert correction.fact_kind == FactKind.STEP
    assert correction.fact_ref == teacher.steps.get().ref
    assert correction.due_on == dt.date(2026, 12, 24)
    assert correction.message.splitlines() == MESSAGE.splitlines()
    receipt = words(done)
    assert "Votre demande est enregistrée" in receipt
    assert "Déposée 24 novembre 2026" in receipt
    assert "Réponse au plus tard le 24 décembre 2026" in receipt

    alert = Alert.objects.get()
    assert alert.user == teacher.user
    assert alert.link == f"{LIST}{correction.public_id}/"
    assert alert.read_at is not None  # the receipt on screen says it already
    assert [message.to for message in mail.outbox] == [[teacher.user.email]]
    assert "échelon" not in mail.outbox[0].body  # the details stay behind the sign-in
    line = AccessEvent.objects.get(kind=AccessKind.CORRECTION_OPENED)
    assert (line.actor, line.subject) == (teacher.user, teacher.user)
    assert line.detail == {"correction": str(correction.public_id)}

    assert "Demande en cours" in words(client.get("/ma-carriere/"))
    assert "Déposée" in words(client.get(LIST))


def test_a_second_request_on_the_same_fact_is_refused_and_nothing_is_lost(client, teacher):
    client.post(NEW, about(teacher, etape="envoyer"))
    again = client.post(NEW, about(teacher, etape="envoyer", message="Une autre explication de la même erreur."))
    assert again.status_code == 409
    assert "Une demande est déjà en cours sur ce point" in words(again)
    assert "Une autre explication de la même erreur." in words(again)
    assert CorrectionRequest.objects.count() == Alert.objects.count() == 1


def test_two_facts_two_requests(client, teacher):
    client.post(NEW, about(teacher, etape="envoyer"))
    diploma = {"nature": "diplome", "ref": teacher.diplomas.get().ref, "message": MESSAGE, "etape": "envoyer"}
    assert client.post(NEW, diploma).status_code == 302
    assert CorrectionRequest.objects.count() == 2


def test_a_settled_request_can_be_followed_by_another(client, teacher, gestionnaire):
    client.post(NEW, about(teacher, etape="envoyer"))
    answer_correction(correction=CorrectionRequest.objects.get(), by=gestionnaire, accepted=False, answer="Non fondé.")
    assert client.post(NEW, about(teacher, etape="envoyer")).status_code == 302


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("", "Expliquez l'erreur"),
        ("court", "L'explication est trop courte : écrivez au moins 10 caractères"),
        ("x" * 2001, "L'explication est trop longue : gardez au plus 2000 caractères (2001 saisis)"),
    ],
)
@pytest.mark.parametrize("step", ["verifier", "envoyer", "modifier"])
def test_a_bad_explanation_is_explained_and_kept(client, teacher, message, sentence, step):
    response = client.post(NEW, about(teacher, etape=step, message=message))
    assert response.status_code == 400
    assert sentence in words(response)
    assert message in response.content.decode()
    assert not CorrectionRequest.objects.exists()


def test_a_missing_element_asks_for_its_kind(client, teacher):
    response = client.post(NEW, {"message": MESSAGE})
    assert response.status_code == 400
    assert "Choisissez la nature de l'élément qui manque" in words(response)
    recap = client.post(NEW, {"nature": "formation", "message": MESSAGE})
    assert "Élément manquant : formation" in words(recap)
    back = client.post(NEW, form_data(recap)[1])
    assert '<option value="formation" selected>' in back.content.decode()
    assert client.post(NEW, form_data(recap)[0]).status_code == 302
    correction = CorrectionRequest.objects.get()
    assert (correction.fact_kind, correction.fact_ref) == (FactKind.TRAINING, "")


def test_the_identity_can_be_disputed(client, teacher):
    assert "Identité et coordonnées" in words(client.get(NEW, {"nature": "identite"}))
    assert client.post(NEW, {"nature": "identite", "message": MESSAGE, "etape": "envoyer"}).status_code == 302
    assert CorrectionRequest.objects.get().fact_label == "Identité et coordonnées"
    assert words(client.get("/ma-carriere/")).count("Demande en cours") == 1


@pytest.mark.parametrize("query", [{"nature": "echelon", "ref": "inconnu"}, {"nature": "licorne"}, {"ref": "x" * 61}])
def test_an_unknown_fact_is_404(client, teacher, query):
    assert client.get(NEW, query).status_code == 404
    assert client.post(NEW, query | {"message": MESSAGE, "etape": "envoyer"}).status_code == 404
    assert not CorrectionRequest.objects.exists()


def test_the_fact_of_another_agent_is_404(client, teacher):
    stranger = full_career(last_name="Vasseur")
    query = {"nature": "echelon", "ref": stranger.steps.get().ref}
    assert client.get(NEW, query).status_code == 404
    assert client.post(NEW, query | {"message": MESSAGE, "etape": "envoyer"}).status_code == 404
    assert not CorrectionRequest.objects.exists()


def test_the_request_of_another_agent_is_404_and_unlisted(client, teacher):
    other = CorrectionRequestFactory(fact_label="Diplôme de géologie")
    assert client.get(f"{LIST}{other.public_id}/").status_code == 404
    assert client.get(f"{LIST}{uuid.uuid4()}/").status_code == 404
    assert "géologie" not in words(client.get(LIST))


def test_nobody_deposits_for_someone_else(teacher):
    with pytest.raises(DomainError, match="correction_not_owner"):
        open_correction(
            agent=teacher,
            by=UserFactory(),
            kind="echelon",
            ref="",
            label="x",
            message=MESSAGE,
            on=dt.date(2026, 11, 24),
        )


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_account_without_file_has_no_requests(client, method):
    client.force_login(UserFactory())
    for page in (NEW, LIST, f"{LIST}{uuid.uuid4()}/"):
        assert getattr(client, method)(page).status_code in {404, 405}


@pytest.mark.req("S38")
@pytest.mark.parametrize(("accepted", "state"), [(True, "Acceptée"), (False, "Refusée")])
def test_the_answer_of_staff_reaches_the_teacher(
    client, teacher, gestionnaire, django_capture_on_commit_callbacks, accepted, state
):
    client.post(NEW, about(teacher, etape="envoyer"))
    correction = CorrectionRequest.objects.get()
    detail = f"{LIST}{correction.public_id}/"
    with django_capture_on_commit_callbacks(execute=True):
        take_up(correction=correction, by=gestionnaire)
    assert "En cours d'examen" in words(client.get(detail))
    with django_capture_on_commit_callbacks(execute=True):
        answer_correction(correction=correction, by=gestionnaire, accepted=accepted, answer="  Vu avec votre arrêté. ")

    assert [message.subject for message in mail.outbox] == [
        "Votre demande de rectification est enregistrée",
        "Votre demande de rectification est en cours d'examen",
        "Votre demande de rectification a reçu une réponse",
    ]
    assert "Vu avec votre arrêté" not in mail.outbox[2].body
    text = words(client.get(detail))
    assert state in text
    assert "Réponse de votre gestionnaire, le 24 novembre 2026 Vu avec votre arrêté." in text
    assert ("saisir le délégué à la protection des données" in text) is not accepted
    line = AccessEvent.objects.get(kind=AccessKind.CORRECTION_ANSWERED)
    assert (line.actor, line.subject) == (gestionnaire, teacher.user)
    assert line.detail["state"] == (CorrectionState.ACCEPTED if accepted else CorrectionState.REFUSED)

    home = client.get("/")
    assert "Votre demande de rectification a reçu une réponse (24 novembre 2026)" in words(home)
    alert = Alert.objects.get(subject__contains="reçu une réponse")
    opened = client.post(f"/alertes/{alert.message_id}/lue/", {"ouvrir": "1"})
    assert opened.headers["Location"] == detail
    assert "a reçu une réponse" not in words(client.get("/"))


def test_an_answer_is_final_reasoned_and_never_ones_own(teacher, gestionnaire):
    correction = CorrectionRequestFactory(agent=teacher)
    with pytest.raises(DomainError, match="correction_own"):
        answer_correction(correction=correction, by=teacher.user, accepted=True, answer="Oui.")
    with pytest.raises(DomainError, match="correction_answer_empty"):
        answer_correction(correction=correction, by=gestionnaire, accepted=True, answer="  ")
    answer_correction(correction=correction, by=gestionnaire, accepted=True, answer="Oui.")
    for again in (answer_correction, take_up):
        arguments = {"accepted": False, "answer": "Non."} if again is answer_correction else {}
        with pytest.raises(DomainError, match="correction_settled"):
            again(correction=correction, by=gestionnaire, **arguments)
    correction.refresh_from_db()
    assert correction.answer == "Oui."


def test_taking_up_twice_warns_once(teacher, gestionnaire):
    correction = CorrectionRequestFactory(agent=teacher)
    take_up(correction=correction, by=gestionnaire)
    take_up(correction=correction, by=gestionnaire)
    assert Alert.objects.count() == 1


def test_an_agent_without_account_is_answered_without_alert(gestionnaire):
    correction = CorrectionRequestFactory(agent=AgentFactory(user=None))
    answer_correction(correction=correction, by=gestionnaire, accepted=True, answer="Corrigé.")
    assert not Alert.objects.exists()


@pytest.mark.parametrize(("due_on", "late"), [(dt.date(2026, 11, 24), False), (dt.date(2026, 11, 23), True)])
def test_the_month_that_passed_is_said(client, teacher, due_on, late):
    correction = CorrectionRequestFactory(agent=teacher, due_on=due_on)
    assert ("délai dépassé" in words(client.get(LIST))) is late
    assert ("Le délai d'un mois est dépassé" in words(client.get(f"{LIST}{correction.public_id}/"))) is late


def test_an_empty_list_says_where_to_start(client, teacher):
    assert "Vous n'avez signalé aucune erreur" in words(client.get(LIST))


def test_a_long_list_is_paginated_with_constant_queries(client, teacher, django_assert_max_num_queries):
    counts = []
    for batch in (1, 24):
        CorrectionRequestFactory.create_batch(batch, agent=teacher)
        with django_assert_max_num_queries(8) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "Page 1 sur 2" in words(client.get(LIST))
    for page in ("2", "99", "-1", "deux", ""):
        assert client.get(LIST, {"page": page}).status_code == 200
