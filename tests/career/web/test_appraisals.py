"""Rendez-vous de carrière: windows, delays, and the requests about them, from the form to the answer of a person."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from career.models import AppraisalRequest, CareerStep, Evaluation
from career.services.appraisals import About, answer, ask, take_up
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security.enums import AccessKind, Role
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.career.web.test_corrections import form_data
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import AgentFactory, AppraisalRequestFactory, EvaluationFactory, full_career

pytestmark = pytest.mark.django_db
LIST, NEW = "/ma-carriere/rendez-vous/", "/ma-carriere/rendez-vous/demande/"
DETAIL = "/ma-carriere/rendez-vous/demandes/"
MESSAGE = "Je change de fonctions à la rentrée prochaine,\net souhaite faire le point."
REF = "RDV 2/é"  # whatever the SIAE names it


@pytest.fixture
def meeting(teacher):
    """A second rendez-vous held in May, its report notified on 12 November and its appreciation on the 2nd."""
    Evaluation.objects.filter(agent=teacher).delete()
    return EvaluationFactory(
        agent=teacher,
        ref=REF,
        kind="rdv_carriere_2",
        held_on=dt.date(2026, 5, 4),
        appreciation="Satisfaisant",
        report_notified_on=dt.date(2026, 11, 12),
        notified_on=dt.date(2026, 11, 2),
    )


@pytest.fixture
def gestionnaire():
    return staff(Role.GESTIONNAIRE)


def data(kind: str = "anticipe", **fields) -> dict[str, str]:
    return {"nature": kind, "ref": "" if kind == "anticipe" else REF, "message": MESSAGE} | fields


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("S48")
def test_the_windows_ahead(client, teacher):
    """6e since 10 February 2025: second year from 10 February 2026; the 8e and the 9e follow by ancienneté."""
    text = words(client.get(LIST))
    assert "1er rendez-vous de carrière, à partir du 10 février 2026" in text
    assert "Il est ouvert." in text
    assert "2e rendez-vous de carrière, à partir du" in text
    assert "Demander un rendez-vous de carrière anticipé" in text


@pytest.mark.parametrize(
    "step",
    [
        {"corps": "contractuels", "grade": "premiere_categorie", "echelon": None},
        {"grade": "hors_classe", "echelon": 3},
    ],
)
def test_whom_none_concerns(client, teacher, step):
    CareerStep.objects.filter(agent=teacher).update(**step)
    assert "Aucun rendez-vous de carrière n'est prévu par les textes" in words(client.get(LIST))


def test_the_delays_of_a_rendez_vous(client, teacher, meeting):
    """12 November plus 15 calendar days; 2 November plus 30 clear days: 3 December."""
    text = words(client.get(LIST))
    assert "Deuxième rendez-vous de carrière" in text
    assert "Compte rendu notifié le 12 novembre 2026" in text
    assert "Satisfaisant , notifiée le 2 novembre 2026" in text
    assert "Vous pouvez encore écrire vos observations jusqu'au 27 novembre 2026 inclus." in text
    assert "Vous pouvez encore demander la révision jusqu'au 3 décembre 2026 inclus." in text
    assert "30 jours francs" in text


def test_a_delay_that_passed_is_said_and_nothing_is_offered(client, teacher, meeting):
    Evaluation.objects.update(report_notified_on=dt.date(2026, 11, 8), notified_on=dt.date(2026, 10, 22))
    text = words(client.get(LIST))
    assert "Le délai est passé depuis le 23 novembre 2026." in text  # both: the 22nd of October plus 31 is a Sunday
    assert "Écrire mes observations" not in text
    assert "Demander la révision" not in text


def test_what_was_not_sent_is_not_invented(client, teacher, meeting):
    Evaluation.objects.update(report_notified_on=None, notified_on=None)
    text = words(client.get(LIST))
    assert "La date de notification du compte rendu n'a pas été transmise" in text
    assert "date de notification non transmise" in text
    Evaluation.objects.update(appreciation="")
    assert "L'appréciation finale n'a pas encore été transmise." in words(client.get(LIST))
    Evaluation.objects.update(
        held_on=dt.date(2016, 5, 4), report_notified_on=dt.date(2016, 6, 1), notified_on=dt.date(2016, 9, 1)
    )
    assert "Aucun délai n'est connu pour une notification si ancienne." in words(client.get(LIST))


def test_inspections_and_withdrawn_rendez_vous_have_no_delay(client, teacher, meeting):
    Evaluation.objects.update(kind="inspection")
    assert "Aucun rendez-vous de carrière n'a été transmis" in words(client.get(LIST))
    Evaluation.objects.update(kind="rdv_carriere_2", cancelled=True)
    assert "Aucun rendez-vous de carrière n'a été transmis" in words(client.get(LIST))


def test_who_left_reads_and_asks_nothing(client, teacher, meeting):
    teacher.left_on, teacher.left_reason = dt.date(2026, 11, 1), "mutation"
    teacher.save()
    text = words(client.get(LIST))
    assert "Satisfaisant" in text
    for offered in ("anticipé", "Écrire mes observations", "Demander la révision"):
        assert offered not in text
    response = client.post(NEW, data(etape="envoyer"))
    assert response.status_code == 409
    assert "Vous n'êtes plus affecté dans l'académie" in words(response)


@pytest.mark.parametrize("number", [1, 6])
def test_the_query_count_does_not_grow(client, teacher, number, django_assert_num_queries):
    for n in range(number):
        EvaluationFactory(agent=teacher, ref=f"V{n}", held_on=dt.date(2020 + n, 5, 4))
        AppraisalRequestFactory(
            agent=teacher, kind="observations", evaluation_ref=f"V{n}", notified_on=dt.date(2020 + n, 6, 4)
        )
    with django_assert_num_queries(6):
        client.get(LIST)


# --- The requests -----------------------------------------------------------------------------------------------------


@pytest.mark.req("S48", "E06", "E29")
def test_an_early_rendez_vous_from_the_comparison_to_the_receipt(client, teacher, django_capture_on_commit_callbacks):
    assert f'href="{NEW}"' in client.get("/ma-carriere/comparaison/").content.decode()
    form = words(client.get(NEW))
    assert "Étape 1 sur 2" in form
    assert "ne fixent ni condition, ni délai de réponse" in form
    recap = client.post(NEW, data(etape="verifier"))
    assert "Votre demande n'est pas encore envoyée" in words(recap)
    assert not AppraisalRequest.objects.exists()
    send, edit = form_data(recap)
    assert "Je change de fonctions" in client.post(NEW, edit).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(NEW, send, follow=True)
    asked = AppraisalRequest.objects.get()
    assert done.redirect_chain == [(f"{DETAIL}{asked.public_id}/", 302)]
    assert (asked.kind, asked.evaluation_ref, asked.notified_on, asked.due_on) == ("anticipe", "", None, None)
    assert asked.message.splitlines() == MESSAGE.splitlines()
    text = words(done)
    assert "Votre demande est enregistrée" in text
    assert "sans délai fixé par les textes consultés" in text
    alert = Alert.objects.get()
    assert (alert.user, alert.link, alert.read_at is not None) == (teacher.user, f"{DETAIL}{asked.public_id}/", True)
    assert "fonctions" not in mail.outbox[0].body  # the details stay behind the sign-in
    line = AccessEvent.objects.get(kind=AccessKind.APPRAISAL_ASKED)
    assert line.detail == {"appraisal": str(asked.public_id)}
    assert "Demander un rendez-vous de carrière anticipé" not in words(client.get(LIST))


@pytest.mark.req("S48")
def test_one_early_request_at_a_time(client, teacher, gestionnaire):
    client.post(NEW, data(etape="envoyer"))
    again = client.post(NEW, data(etape="envoyer", message="Une autre explication, tout aussi longue."))
    assert again.status_code == 409
    assert "Cette demande est déjà déposée" in words(again)
    assert "Une autre explication" in words(again)
    answer(asked=AppraisalRequest.objects.get(), by=gestionnaire, accepted=False, text="Pas cette année.")
    assert client.post(NEW, data(etape="envoyer")).status_code == 302


@pytest.mark.parametrize(
    ("kind", "due"), [("observations", None), ("revision", dt.date(2026, 12, 28))]
)  # 30 clear days from 24 November: 25 December is a holiday, then a week-end
def test_a_request_about_a_rendez_vous(client, teacher, meeting, kind, due):
    link = client.get(LIST).content.decode()
    assert f"?nature={kind}&amp;ref=RDV%202%2F%C3%A9" in link
    recap = client.post(NEW, data(kind))
    assert "Deuxième rendez-vous de carrière du 4 mai 2026" in words(recap)
    assert "date transmise par SIAE Reims" in words(recap)
    done = client.post(NEW, form_data(recap)[0], follow=True)
    asked = AppraisalRequest.objects.get()
    day = meeting.report_notified_on if kind == "observations" else meeting.notified_on
    assert (asked.evaluation_ref, asked.notified_on, asked.notified_declared, asked.due_on) == (REF, day, False, due)
    assert ("au plus tard le 28 décembre 2026" in words(done)) is bool(due)
    page = words(client.get(LIST))
    assert "Déposé le 24 novembre 2026." in page
    assert "Suivre ma demande" in page
    assert client.post(NEW, data(kind, etape="envoyer")).status_code == 409


@pytest.mark.parametrize(
    ("kind", "last"), [("observations", dt.date(2026, 11, 27)), ("revision", dt.date(2026, 12, 3))]
)
def test_the_last_day_is_the_last(client, teacher, meeting, kind, last):
    with time_machine.travel(dt.datetime.combine(last + dt.timedelta(1), dt.time(9)), tick=False):
        client.force_login(teacher.user)
        late = client.post(NEW, data(kind, etape="envoyer"))
    assert late.status_code == 409
    assert "Le délai est passé :" in words(late)
    assert "inclus" in words(late)
    assert not AppraisalRequest.objects.exists()
    with time_machine.travel(dt.datetime.combine(last, dt.time(20)), tick=False):
        client.force_login(teacher.user)
        assert client.post(NEW, data(kind, etape="envoyer")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Indiquez la date de notification"),
        ("2026-02-30", "Cette date n'existe pas"),
        (
            "2026-11-25",
            "Cette date est à venir. Indiquez le jour où vous avez reçu la notification, au plus tard le 24",
        ),
        ("2026-05-03", "Cette date précède le rendez-vous du 4 mai 2026"),
        ("2026-06-01", "Le délai est passé : Appréciation notifiée le 1er juin 2026, plus 30 jours francs"),
    ],
)
def test_a_day_the_siae_did_not_send_is_the_agent_s_word(client, teacher, meeting, typed, sentence):
    Evaluation.objects.update(notified_on=None)
    response = client.post(NEW, data("revision", notifie_le=typed))
    assert response.status_code == 400
    assert sentence in words(response)
    assert "faire le point" in response.content.decode()


def test_the_declared_day_is_kept_and_told(client, teacher, meeting):
    Evaluation.objects.update(notified_on=None)
    assert "Date de notification" in words(client.get(NEW, {"nature": "revision", "ref": REF}))
    recap = client.post(NEW, data("revision", notifie_le="02/11/2026"))
    assert "date que vous avez déclarée" in words(recap)
    back = client.post(NEW, form_data(recap)[1])
    assert 'value="2026-11-02"' in back.content.decode()
    client.post(NEW, form_data(recap)[0])
    asked = AppraisalRequest.objects.get()
    assert (asked.notified_on, asked.notified_declared) == (dt.date(2026, 11, 2), True)
    assert "Date que vous avez déclarée" in words(client.get(LIST))


@pytest.mark.parametrize(
    ("message", "sentence"),
    [("", "Écrivez votre texte"), ("court", "Le texte est trop court"), ("x" * 2001, "Le texte est trop long")],
)
def test_a_bad_text_is_explained_and_kept(client, teacher, message, sentence):
    response = client.post(NEW, data(message=message, etape="envoyer"))
    assert response.status_code == 400
    assert sentence in words(response)
    assert message in response.content.decode()


@pytest.mark.parametrize(
    "query", [{"nature": "licorne"}, {"nature": "revision"}, {"nature": "revision", "ref": "autre"}, {"ref": "x" * 61}]
)
def test_what_is_not_in_the_file_is_404(client, teacher, meeting, query):
    assert client.get(NEW, query).status_code == 404
    assert client.post(NEW, data() | {"nature": "revision", "ref": "autre"}).status_code == 404


def test_a_revision_needs_an_appreciation(client, teacher, meeting):
    Evaluation.objects.update(appreciation="")
    assert client.get(NEW, {"nature": "revision", "ref": REF}).status_code == 404


@pytest.mark.req("S48")
def test_the_request_of_another_is_404_and_unlisted(client, teacher):
    other = AppraisalRequestFactory(subject="Motif étranger")
    assert client.get(f"{DETAIL}{other.public_id}/").status_code == 404
    assert client.get(f"{DETAIL}{uuid.uuid4()}/").status_code == 404
    assert "étranger" not in words(client.get(LIST))
    stranger = full_career()
    EvaluationFactory(agent=stranger, ref="AUTRE")
    assert client.get(NEW, {"nature": "revision", "ref": "AUTRE"}).status_code == 404


def test_nobody_asks_for_someone_else(teacher):
    with pytest.raises(DomainError, match="appraisal_not_owner"):
        ask(agent=teacher, by=UserFactory(), kind="anticipe", about=About(), message=MESSAGE, on=dt.date(2026, 11, 24))


# --- The answer -------------------------------------------------------------------------------------------------------


@pytest.mark.req("S48", "D28")
@pytest.mark.parametrize(("accepted", "state"), [(True, "Acceptée"), (False, "Refusée")])
def test_each_change_of_state_reaches_the_teacher(
    client, teacher, gestionnaire, django_capture_on_commit_callbacks, accepted, state
):
    client.post(NEW, data(etape="envoyer"))
    asked = AppraisalRequest.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        take_up(asked=asked, by=gestionnaire)
        take_up(asked=asked, by=gestionnaire)
    assert "En cours d'examen" in words(client.get(f"{DETAIL}{asked.public_id}/"))
    with django_capture_on_commit_callbacks(execute=True):
        answer(asked=asked, by=gestionnaire, accepted=accepted, text="  Vu avec votre inspecteur. ")
    assert [alert.subject.split("carrière ")[1] for alert in Alert.objects.order_by("pk")] == [
        "est enregistrée", "est en cours d'examen", "a reçu une réponse",
    ]  # fmt: skip
    assert all("inspecteur" not in message.body for message in mail.outbox)
    text = words(client.get(f"{DETAIL}{asked.public_id}/"))
    assert state in text
    assert "Réponse de votre gestionnaire, le 24 novembre 2026 Vu avec votre inspecteur." in text
    line = AccessEvent.objects.get(kind=AccessKind.APPRAISAL_ANSWERED)
    assert (line.actor, line.subject) == (gestionnaire, teacher.user)


def test_a_refused_revision_tells_the_delay_of_the_commission(client, teacher, meeting, gestionnaire):
    client.post(NEW, data("revision", etape="envoyer"))
    answer(asked=AppraisalRequest.objects.get(), by=gestionnaire, accepted=False, text="Non fondée.")
    text = words(client.get(f"{DETAIL}{AppraisalRequest.objects.get().public_id}/"))
    assert "Saisine de la commission administrative paritaire, au plus tard le 28 décembre 2026" in text
    assert "Réponse à la demande de révision" not in text  # it came


def test_a_revision_without_answer_is_told_refused(client, teacher, meeting):
    client.post(NEW, data("revision", etape="envoyer"))
    AppraisalRequest.objects.update(due_on=dt.date(2026, 11, 23))
    assert "sans réponse, votre demande est refusée" in words(
        client.get(f"{DETAIL}{AppraisalRequest.objects.get().public_id}/")
    )
    assert "(délai dépassé)" in words(client.get(LIST))


def test_an_answer_is_final_reasoned_and_never_ones_own(teacher, gestionnaire):
    asked = AppraisalRequestFactory(agent=teacher)
    with pytest.raises(DomainError, match="appraisal_own"):
        answer(asked=asked, by=teacher.user, accepted=True, text="Oui.")
    with pytest.raises(DomainError, match="appraisal_answer_empty"):
        answer(asked=asked, by=gestionnaire, accepted=True, text="  ")
    answer(asked=asked, by=gestionnaire, accepted=True, text="Oui.")
    with pytest.raises(DomainError, match="appraisal_settled"):
        answer(asked=asked, by=gestionnaire, accepted=False, text="Non.")
    with pytest.raises(DomainError, match="appraisal_settled"):
        take_up(asked=asked, by=gestionnaire)


def test_observations_are_joined_never_refused(client, teacher, meeting, gestionnaire):
    client.post(NEW, data("observations", etape="envoyer"))
    asked = AppraisalRequest.objects.get()
    with pytest.raises(DomainError, match="appraisal_kept"):
        answer(asked=asked, by=gestionnaire, accepted=False, text="Non.")
    answer(asked=asked, by=gestionnaire, accepted=True, text="Jointes ce jour.")
    assert "Jointes au compte rendu" in words(client.get(LIST))


def test_an_agent_without_account_is_answered_without_alert(gestionnaire):
    answer(asked=AppraisalRequestFactory(agent=AgentFactory(user=None)), by=gestionnaire, accepted=True, text="Oui.")
    assert not Alert.objects.exists()


@pytest.mark.req("D28")
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "acceptee"},
        {"state": "refusee", "answer": "Non.", "answered_at": timezone.now()},  # nobody signed it
        {"answer": "Oui."},
        {"evaluation_ref": "RDV-1"},
        {"kind": "revision", "evaluation_ref": "RDV-1", "notified_on": dt.date(2026, 9, 1)},  # no day for the answer
        {"kind": "observations", "evaluation_ref": "RDV-1"},
        {"due_on": dt.date(2026, 12, 1)},
    ],
)
def test_the_database_refuses_what_is_not_whole(teacher, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        AppraisalRequestFactory(agent=teacher, **wrong)


@settings(max_examples=30)
@given(
    fields=st.dictionaries(
        st.sampled_from(["nature", "ref", "message", "etape", "notifie_le"]),
        st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=30)
        | st.sampled_from(["revision", "observations", "anticipe", REF, "envoyer", "2026-11-02", MESSAGE]),
    ),
    post=st.booleans(),
)
def test_whatever_is_typed_a_page_answers(client, teacher, meeting, fields, post):
    before = AppraisalRequest.objects.count()
    status = (client.post if post else client.get)(NEW, fields).status_code
    assert status in {200, 302, 400, 404, 409}
    assert AppraisalRequest.objects.count() - before == (status == 302)
