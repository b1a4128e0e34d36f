"""The queues of dialogues and tickets: who sees and answers, what leaves a trace, what two people do at once."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.domain.ticket_priority import TicketType
from iprof.correspondence.enums import ThreadKind, ThreadState
from iprof.correspondence.models import Alert, Message, MessageFile, Thread, ThreadNote
from iprof.correspondence.services.threads import Written, close_thread, take_up, write_message
from security.enums import Role, ScopeKind
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import HabilitationFactory, UserFactory, staff
from tests.factories.career import AssignmentFactory, full_career
from tests.factories.files import upload
from tests.factories.threads import ReplyTemplateFactory, answered, dialogue, joined, ticket

pytestmark = [pytest.mark.django_db]
LIST, TICKETS = "/gestion/correspondence/thread/", "/gestion/correspondence/ticket/"
ANSWER = {"decision": "repondre", "message": "Votre arrêté part demain.", "vu": "1"}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def agent():
    return full_career()


@pytest.fixture
def thread(agent):
    return dialogue(agent.user)


@pytest.fixture
def office(client):
    user = staff(Role.GESTIONNAIRE, first_name="Hélène", last_name="Marchand")
    client.force_login(user)
    return user


def page(thread: Thread) -> str:
    name = "ticket" if thread.kind == ThreadKind.SUPPORT else "thread"
    return reverse(f"admin:correspondence_{name}_change", args=[thread.pk])


def test_the_queue_shows_the_overdue_first_and_filters(client, office, today):
    first = dialogue(full_career(last_name="Vasseur").user, subject="Premier")
    done = answered(dialogue(full_career().user, subject="Répondu"), office)
    today.shift(dt.timedelta(days=10))
    dialogue(full_career().user, subject="Dernier")
    client.force_login(office)
    text = words(client.get(LIST))
    assert text.index("Premier") < text.index("Dernier") < text.index("Répondu")
    assert "1 échange" in words(client.get(LIST, {"attente": "retard"}))
    assert "2 échanges" in words(client.get(LIST, {"attente": "oui"}))
    assert "1 échange" in words(client.get(LIST, {"attente": "non"}))
    assert "1 échange" in words(client.get(LIST, {"attente": "moi"}))
    assert done.subject in words(client.get(LIST, {"attente": "moi"}))
    assert "1 échange" in words(client.get(LIST, {"q": "vasseur"}))
    assert "1 échange" in words(client.get(LIST, {"q": "PREMIER"}))
    assert first.subject not in words(client.get(LIST, {"q": "Dernier"}))
    home = words(client.get("/"))
    assert "Échanges à traiter 2" in home
    assert "Échanges hors délai 1" in home
    assert "Échanges à traiter 2" in words(client.get("/gestion/"))


def test_a_dialogue_is_taken_up_answered_and_closed(client, office, thread, agent):
    assert client.post(page(thread), {"decision": "prendre"}).status_code == 302
    assert "Prendre en charge" not in words(client.get(page(thread)))
    assert client.post(page(thread), {**ANSWER, "pieces": [upload("arrete.pdf")]}).status_code == 302
    thread.refresh_from_db()
    assert (thread.state, thread.assigned_to) == (ThreadState.ANSWERED, office)
    message = thread.messages.last()
    assert (message.author, message.from_staff, message.body) == (office, True, "Votre arrêté part demain.")
    assert message.files.get().attachment.name == "arrete.pdf"
    assert Alert.objects.get().user == agent.user
    assert client.post(page(thread), {"decision": "clore"}).status_code == 302
    text = words(client.get(page(thread)))
    assert "Clos le 24 novembre 2026" in text
    assert "Répondre à l'agent" not in text
    acts = AccessEvent.objects.filter(kind="echange.traitement").order_by("pk").values_list("detail__act", flat=True)
    assert list(acts) == ["prise en charge", "reponse", "cloture"]


@pytest.mark.req("D20")
def test_each_reading_and_each_download_is_shown_to_the_agent(client, office, thread, agent):
    file = joined(thread)["file_id"]
    client.get(page(thread))
    client.get(LIST)
    assert client.get(f"{page(thread).removesuffix('change/')}piece/?piece={file}")["Content-Disposition"].startswith(
        "attachment"
    )
    lines = AccessEvent.objects.filter(kind="echange.lecture", subject=agent.user, actor=office)
    assert lines.count() == 2
    assert lines.filter(detail__piece="oui").count() == 1
    client.force_login(agent.user)
    text = words(client.get("/compte/profil/consultations/"))
    assert text.count("Lecture d'un échange avec l'administration") == 2


@pytest.mark.parametrize("piece", ["", "licorne", "00000000-0000-0000-0000-000000000007", "autre"])
def test_a_file_of_another_thread_is_not_downloaded_from_this_one(client, office, thread, piece):
    other = joined(dialogue(full_career(last_name="Vasseur").user))["file_id"]
    address = f"{page(thread).removesuffix('change/')}piece/"
    assert client.get(address, {"piece": other if piece == "autre" else piece}).status_code == 404
    assert not AccessEvent.objects.filter(kind="echange.lecture").exists()


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(client, office, thread):
    for data, status, sentence in (
        ({**ANSWER, "message": " "}, 400, "La réponse est vide"),
        ({**ANSWER, "message": "a" * 5001}, 400, "5 000 au plus"),
        ({**ANSWER, "pieces": [SimpleUploadedFile("x.pdf", b"GIF")]}, 400, "« x.pdf » n'est pas un PDF"),
        ({**ANSWER, "vu": "0"}, 409, "Un message est arrivé depuis l'affichage"),
        ({"decision": "noter", "note": " "}, 400, "La note est vide"),
        ({"decision": "transmettre", "collegue": "999"}, 400, "Choisissez un collègue"),
        ({"decision": "transmettre", "collegue": "licorne"}, 400, "Choisissez un collègue"),
        ({"decision": "modele", "modele": "", "message": "Début."}, 400, "Ce modèle n'existe plus"),
        ({"decision": "clore"}, 409, "répondez avant de clore"),
    ):
        response = client.post(page(thread), data)
        assert response.status_code == status, data
        assert sentence in words(response)
        assert data.get("message", "")[:50] in words(response) or not data["message"].strip()
    assert Message.objects.count() == 1
    thread.refresh_from_db()
    assert thread.state == ThreadState.SENT
    assert "Aucune décision" in words(client.post(page(thread), {"decision": "licorne"}, follow=True))


def test_a_template_starts_a_reply_and_keeps_what_is_typed_and_joined(client, office, thread):
    template = ReplyTemplateFactory(title="Délai", body="Comptez deux semaines.")
    ReplyTemplateFactory(title="Ancien", is_active=False)
    ReplyTemplateFactory(title="Navigateur", kind=ThreadKind.SUPPORT)
    text = words(client.get(page(thread)))
    assert "Délai" in text
    assert "Ancien" not in text
    assert "Navigateur" not in text
    data = {"decision": "modele", "modele": str(template.pk), "message": "Bonjour,", "pieces": [upload("note.pdf")]}
    response = client.post(page(thread), data)
    assert response.status_code == 200
    assert "Bonjour, Comptez deux semaines." in words(response)
    assert "Joindre note.pdf, déjà reçu" in words(response)
    assert "est vide" not in words(response)
    held = str(MessageFile.objects.get().public_id)
    client.post(page(thread), {**ANSWER, "gardees": [held]})
    assert thread.messages.last().files.get().attachment.name == "note.pdf"


def test_a_reply_does_not_leave_without_a_file_it_held(client, office, thread):
    client.post(page(thread), {**ANSWER, "message": "", "pieces": [upload("note.pdf")]})
    held = str(MessageFile.objects.get().public_id)
    MessageFile.objects.all().delete()
    response = client.post(page(thread), {**ANSWER, "gardees": [held]})
    assert response.status_code == 400
    assert "Un fichier déjà reçu n'est plus là" in words(response)
    assert ANSWER["message"] in words(response)
    assert Message.objects.count() == 1


def test_a_note_stays_among_staff(client, office, thread, agent):
    assert client.post(page(thread), {"decision": "noter", "note": "Vu avec la paie."}).status_code == 302
    assert "Vu avec la paie." in words(client.get(page(thread)))
    assert ThreadNote.objects.get().author == office
    assert not Alert.objects.exists()
    client.force_login(agent.user)
    assert "Vu avec la paie." not in client.get(f"/echanges/{thread.public_id}/").content.decode()


@pytest.mark.req("D16")
def test_a_thread_is_handed_over_to_a_colleague_who_covers_the_agent(client, office, thread, agent):
    marne = {"scope_kind": ScopeKind.DEPARTEMENT, "scope_code": "51"}
    near = staff(Role.GESTIONNAIRE, username="g51", last_name="Proche", **marne)
    far = staff(
        Role.GESTIONNAIRE, username="g08", last_name="Lointain", scope_kind=marne["scope_kind"], scope_code="08"
    )
    head = staff(Role.HEAD, username="chef", last_name="Principal")
    closed = staff(Role.GESTIONNAIRE, username="parti", last_name="Parti", is_active=False)
    text = words(client.get(page(thread)))
    assert "Proche" in text
    for other in (far, head, closed):
        assert other.last_name not in text
        assert client.post(page(thread), {"decision": "transmettre", "collegue": other.pk}).status_code == 400
    assert client.post(page(thread), {"decision": "transmettre", "collegue": near.pk}).status_code == 302
    thread.refresh_from_db()
    assert (thread.state, thread.assigned_to) == (ThreadState.TAKEN, near)
    told = Alert.objects.get()
    assert (told.user, told.kind, told.link) == (near, "echange.transmis", page(thread))
    assert thread.subject not in told.subject + told.body


def test_what_a_colleague_follows_is_not_taken_from_under_them(client, office, thread):
    take_up(thread=thread, by=staff(Role.GESTIONNAIRE, username="collegue"))
    response = client.post(page(thread), {"decision": "prendre"})
    assert response.status_code == 409
    assert "Un collègue suit déjà cet échange" in words(response)


@pytest.mark.req("D16")
@pytest.mark.parametrize("role", [Role.HEAD, Role.DPO, Role.IT, Role.SUPPORT])
def test_other_roles_see_no_dialogue(client, thread, role):
    client.force_login(staff(role))
    assert client.get(LIST).status_code == 403
    assert client.get(page(thread)).status_code == 403
    assert client.post(page(thread), ANSWER).status_code == 403


@pytest.mark.req("D16")
@pytest.mark.parametrize("make", [dialogue, ticket])
def test_only_the_habilitation_is_seen(client, agent, make):
    made, role = make(agent.user), {dialogue: Role.GESTIONNAIRE, ticket: Role.SUPPORT}[make]
    client.force_login(staff(role, scope_kind=ScopeKind.DEPARTEMENT, scope_code="08"))
    assert client.get(page(made)).status_code == 404
    assert client.post(page(made), ANSWER).status_code == 404
    AssignmentFactory(agent=agent, establishment__departement="08")
    assert client.get(page(made)).status_code == 200
    assert client.get(page(made).replace(f"/{made.pk}/", f"/{'9' * 30}/")).status_code == 404


@pytest.mark.req("D16")
@pytest.mark.parametrize(
    ("make", "answering", "other"),
    [
        (dialogue, Role.GESTIONNAIRE, Role.SUPPORT),
        (ticket, Role.SUPPORT, Role.GESTIONNAIRE),
    ],
)
def test_of_two_roles_only_the_one_that_answers_opens(client, make, answering, other):
    """Whoever answers in one département and has another role in the whole académie reads what is of the first."""
    here, elsewhere = full_career(), full_career(last_name="Vasseur")
    AssignmentFactory(agent=here, establishment__departement="08")
    seen, hidden = make(here.user), make(elsewhere.user)
    user = staff(answering, scope_kind=ScopeKind.DEPARTEMENT, scope_code="08")
    user.groups.add(Group.objects.get_or_create(name=other)[0])
    HabilitationFactory(user=user, role=other, scope_kind=ScopeKind.ACADEMIE, scope_code="")
    client.force_login(user)
    assert client.get(page(seen)).status_code == 200
    for status in (client.get(page(hidden)).status_code, client.post(page(hidden), ANSWER).status_code):
        assert status == 404
    listed = words(client.get(TICKETS if make is ticket else LIST))
    assert "Durand" in listed
    assert "Vasseur" not in listed


@pytest.mark.req("D16")
def test_the_computing_team_sees_every_ticket_and_answers(client, agent):
    filed = ticket(UserFactory(username="sansdossier"), kind=TicketType.SIGN_IN)
    client.force_login(staff(Role.SUPPORT))
    assert client.get(page(filed)).status_code == 200
    client.force_login(staff(Role.SUPPORT, username="marne", scope_kind=ScopeKind.DEPARTEMENT, scope_code="51"))
    assert client.get(page(filed)).status_code == 404
    helper = staff(Role.IT, username="informatique", last_name="Girard")
    client.force_login(helper)
    text = words(client.get(page(filed)))
    assert "sans connexion, rien d'autre n'est possible" in text
    assert "4 heures ouvrées" in text
    assert client.post(page(filed), ANSWER).status_code == 302
    assert Alert.objects.get().kind == "support.reponse"
    client.force_login(staff(Role.SUPERADMIN, username="adm"))
    assert "Girard" in words(client.get(page(ticket(agent.user))))


def test_nobody_answers_their_own(client):
    office = staff(Role.GESTIONNAIRE)
    own = dialogue(full_career(user=office).user)
    client.force_login(office)
    assert "Vous pouvez lire cet échange, pas y répondre." in words(client.get(page(own)))
    for data in (ANSWER, {"decision": "prendre"}, {"decision": "noter", "note": "Rien."}):
        response = client.post(page(own), data)
        assert response.status_code == 409
        assert "un collègue doit s'en charger" in words(response)
    assert not AccessEvent.objects.filter(kind="echange.lecture").exists()


def test_a_message_of_the_agent_after_the_closing_puts_it_back_in_the_queue(client, office, thread, agent):
    close_thread(thread=answered(thread, office), by=office)
    write_message(thread=thread, by=agent.user, written=Written("Je rouvre."))
    assert "1 échange" in words(client.get(LIST, {"attente": "oui"}))
    assert "Je rouvre." in words(client.get(page(thread)))


@pytest.mark.parametrize("address", [LIST, TICKETS])
def test_the_list_asks_as_much_for_one_as_for_many(client, address, django_assert_max_num_queries):
    client.force_login(staff(Role.SUPERADMIN))
    make, counts = dialogue if address == LIST else ticket, []
    for batch in (1, 12):
        for _ in range(batch):
            make(full_career().user)
        with django_assert_max_num_queries(14) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_asks_as_much_for_one_message_as_for_many(client, office, thread, agent, django_assert_max_num_queries):
    counts = []
    for batch in (1, 8):
        for n in range(batch):
            answered(thread, office)
            write_message(thread=thread, by=agent.user, written=Written("Encore."))
            client.post(page(thread), {"decision": "noter", "note": f"Note {n}"})
            staff(Role.GESTIONNAIRE, username=f"g-{batch}-{n}")
        joined(thread)
        client.get(page(thread))
        with django_assert_max_num_queries(22) as queries:
            assert client.get(page(thread)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


NAMES = ("decision", "message", "vu", "jeton", "gardees", "modele", "collegue", "note")
DECISIONS = st.sampled_from(["repondre", "prendre", "transmettre", "noter", "clore", "modele", ""])


@given(data=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40), max_size=6), decision=DECISIONS)
def test_nothing_typed_breaks_the_page(thread, data, decision):
    client = PortalClient()
    with transaction.atomic():
        client.force_login(staff(Role.SUPERADMIN))
        assert client.post(page(thread), {**data, "decision": decision}).status_code in {200, 302, 400, 409}
        transaction.set_rollback(True)


def test_a_template_is_written_by_those_who_answer(client, office):
    response = client.post(
        "/gestion/correspondence/replytemplate/add/",
        {"kind": "echange", "title": "Pièce reçue", "body": "Votre pièce est reçue.", "is_active": "on"},
    )
    assert response.status_code == 302
    again = client.post(
        "/gestion/correspondence/replytemplate/add/",
        {"kind": "echange", "title": "Pièce reçue", "body": "Autre.", "is_active": "on"},
    )
    assert re.search("existe déjà", words(again))


def test_no_way_of_asking_shows_a_thread_without_a_trace(client, office, thread):
    for data in ({"decision": "modele", "modele": "1"}, {**ANSWER, "message": ""}, {"decision": "clore"}):
        before = AccessEvent.objects.filter(kind="echange.lecture").count()
        assert "Bonjour, une question." in words(client.post(page(thread), data))
        assert AccessEvent.objects.filter(kind="echange.lecture").count() == before + 1


@pytest.mark.parametrize("field", ["message", "note"])
def test_what_staff_typed_while_their_session_ended_is_given_back(client, office, thread, today, field):
    held = re.search(r'name="jeton" value="([^"]+)"', client.get(page(thread)).content.decode())[1]
    today.shift(dt.timedelta(minutes=31))
    decision = {"message": "repondre", "note": "noter"}[field]
    response = client.post(page(thread), {"decision": decision, field: "Un long texte.", "jeton": held})
    assert response["Location"].startswith("/connexion/")
    assert "Un long texte." not in str(client.session.items()), "sealed: it may hold a NUMEN"
    client.force_login(office)
    text = words(client.get(page(thread)))
    assert "Un long texte." in text
    assert Message.objects.count() == 1
    assert not ThreadNote.objects.exists()
