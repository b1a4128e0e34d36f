"""« Échanges » and « Support » as their owner uses them: what is shown, refused, kept; never anyone else's."""

import base64
import datetime as dt
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.domain.ticket_priority import TicketType
from iprof.correspondence.enums import ThreadState
from iprof.correspondence.models import Message, MessageFile, Thread
from iprof.correspondence.services.thread_files import keep_drafts
from iprof.correspondence.services.threads import (
    PER_DAY,
    Written,
    add_note,
    close_thread,
    open_dialogue,
    write_message,
)
from iprof.kernel.errors import DomainError
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.career import AppraisalRequestFactory, CorrectionRequestFactory, full_career
from tests.factories.correspondence import HelpFactory
from tests.factories.files import pdf, upload
from tests.factories.threads import answered, dialogue, joined, ticket

pytestmark = [pytest.mark.django_db]
TUESDAY = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
NEW, NEW_TICKET = "/echanges/nouveau/", "/support/nouveau/"
TOKEN = re.compile(r'name="jeton" value="([^"]+)"')
TYPED = {"sujet": "Mon affectation", "message": "Bonjour, une question."}
TICKET = {"type": "affichage", "sujet": "Page vide", "message": "Rien ne s'affiche."}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def agent():
    return full_career()


@pytest.fixture
def teacher(client, agent):
    client.force_login(agent.user)
    return agent.user


@pytest.fixture
def office():
    return UserFactory(username="gestionnaire", first_name="Hélène", last_name="Marchand", staff=True)


def token(response) -> str:
    return TOKEN.search(response.content.decode())[1]


def address(thread: Thread) -> str:
    return thread.get_absolute_url()


def test_a_question_is_sent_answered_continued_and_closed(client, teacher, office):
    assert "Vous n'avez encore rien écrit" in words(client.get("/echanges/"))
    sent = client.post(NEW, {**TYPED, "pieces": [upload("arrete.pdf", pages=2)]}, follow=True)
    text = words(sent)
    assert "Votre message est envoyé à votre gestionnaire." in text
    assert "Réponse attendue avant le 1er décembre 2026" in text
    assert "arrete.pdf (PDF" in text
    assert "2 pages" in text
    thread = Thread.objects.get()
    answered(thread, office)
    text = words(client.get(address(thread)))
    assert "Répondu" in text
    assert "Hélène Marchand, votre gestionnaire" in text
    assert "Réponse attendue" not in text
    client.post(address(thread), {"message": "Merci. Encore un point.", "vu": "2"})
    assert "Envoyé" in words(client.get("/echanges/"))
    assert "L'échange est clos" in words(client.post(address(thread), {"action": "clore"}, follow=True))
    assert "Possible jusqu'au 24 décembre 2026" in words(client.get(address(thread)))
    client.post(address(thread), {"message": "Je rouvre.", "vu": "3"})
    thread.refresh_from_db()
    assert thread.state == ThreadState.SENT
    assert thread.assigned_to == office


def test_the_dates_are_late_once_past(client, teacher, today):
    thread = dialogue(teacher)
    today.move_to(dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC))
    client.force_login(teacher)
    assert "Délai dépassé" in words(client.get("/echanges/"))
    assert "1er décembre 2026 (délai dépassé)" in words(client.get(address(thread)))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"message": ""}, "Le message est vide"),
        ({"sujet": " "}, "L'objet est vide"),
        ({"sujet": "a" * 151}, "Cet objet dépasse 150 caractères"),
        ({"message": "a" * 5001}, "Ce message fait 5001 caractères, 5 000 au plus"),
        ({"message": "Mon NUMEN est 19E2600001ABC."}, "Ce texte contient un NUMEN"),
        ({"message": "a\x00b"}, "Ce champ contient un caractère nul"),
        ({"pieces": SimpleUploadedFile("photo.pdf", b"GIF89a")}, "« photo.pdf » n'est pas un PDF"),
        ({"pieces": SimpleUploadedFile("gros.pdf", b"%PDF-" + b"0" * 3_000_000)}, "« gros.pdf » pèse 3 Mo ou plus"),
        ({"pieces": [upload(f"{n}.pdf") for n in range(4)]}, "Un message porte 3 fichiers au plus"),
    ],
)
@pytest.mark.req("S86")
def test_bad_input_is_told_at_the_field_and_kept(client, teacher, data, sentence):
    for url, typed in ((NEW, TYPED), (NEW_TICKET, TICKET)):
        for file in data.get("pieces", []) if isinstance(data.get("pieces"), list) else [data.get("pieces")]:
            if file:
                file.seek(0)
        response = client.post(url, {**typed, **data})
        assert response.status_code == 400
        assert sentence in words(response)
        for value in {**typed, **data}.values():
            if isinstance(value, str):
                assert value.strip().replace("\x00", "")[:40].replace(
                    "'", "&#x27;"
                ) in response.content.decode().replace("\x00", "")
    assert not Thread.objects.exists()


def test_a_message_of_exactly_the_limit_passes_whatever_the_browser_ends_lines_with(client, teacher):
    assert client.post(NEW, {**TYPED, "message": "ab\r\n" * 1666 + "cd"}).status_code == 302
    assert len(Message.objects.get().body) == 5_000


def test_markup_is_shown_as_text(client, teacher):
    client.post(NEW, {"sujet": "<b>Gras</b>", "message": "<script>alert(1)</script>\n<img src=x onerror=y>"})
    page = client.get(address(Thread.objects.get())).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>&lt;img src=x onerror=y&gt;" in page
    assert "<b>Gras" not in page


@pytest.mark.req("S86")
def test_a_refused_file_leaves_the_good_ones_and_the_text(client, teacher):
    bad = SimpleUploadedFile("photo.pdf", b"GIF89a")
    response = client.post(NEW, {**TYPED, "pieces": [upload("bon.pdf"), bad]})
    assert response.status_code == 400
    assert "Fichiers déjà reçus" in words(response)
    assert "bon.pdf" in words(response)
    assert not Thread.objects.exists()
    kept = MessageFile.objects.get()
    again = {**TYPED, "gardees": [str(kept.public_id)], "pieces": [upload("corrige.pdf")], "jeton": token(response)}
    assert client.post(NEW, again).status_code == 302
    assert {f.attachment.name for f in Message.objects.get().files.all()} == {"bon.pdf", "corrige.pdf"}
    assert client.post(NEW, {**again, "pieces": []}).status_code == 302, (
        "the same page sent again: its file went with its message"
    )
    assert Message.objects.count() == 1


@pytest.mark.req("S86")
@pytest.mark.parametrize("why", ["erased", "sent", "of someone else", "not an id"])
def test_a_kept_file_that_is_gone_is_told_and_nothing_is_sent_without_it(client, teacher, office, why):
    kept, other = keep_drafts(by=teacher, files=[pdf("bon.pdf"), pdf("autre.pdf")])
    held = [str(kept.public_id), str(other.public_id)]
    thread = dialogue(teacher)
    if why == "sent":
        open_dialogue(by=teacher, subject="Ailleurs", written=Written("Voici.", drafts=[other]))
    elif why == "not an id":
        held[1] = "licorne"
    else:
        MessageFile.objects.filter(pk=other.pk).delete()
        held[1] = str(keep_drafts(by=office, files=[pdf()])[0].public_id) if why != "erased" else held[1]
    before = Message.objects.count()
    for url, typed in ((NEW, TYPED), (NEW_TICKET, TICKET), (address(thread), {"message": "Encore un point."})):
        response = client.post(url, {**typed, "gardees": held, "jeton": token(client.get(url))})
        assert response.status_code == 400
        text = words(response)
        assert "Un fichier déjà reçu n'est plus là" in text
        assert "bon.pdf" in text, "the other file is still kept"
        assert typed["message"] in text
        assert Message.objects.count() == before
    again = {"message": "Encore un point.", "gardees": held[:1], "jeton": token(response)}
    assert client.post(address(thread), again).status_code == 302
    assert [f.attachment.name for f in thread.messages.last().files.all()] == ["bon.pdf"]


def test_a_kept_file_that_goes_while_the_message_is_written_is_told(client, teacher, monkeypatch):
    """Two windows send the same file at once: the second finds it, then no longer."""
    thread, text = dialogue(teacher), "parti avec un autre message"
    monkeypatch.setattr("iprof.correspondence.services.threads.join", gone)
    for url, typed in ((NEW, TYPED), (NEW_TICKET, TICKET), (address(thread), {"message": "Encore un point."})):
        response = client.post(url, typed)
        assert response.status_code == 409
        assert text in words(response)
        assert typed["message"] in words(response)
    assert Message.objects.count() == 1


def gone(*args, **kwargs):
    raise DomainError("thread_file_gone")


def test_a_file_kept_aside_and_not_wanted_is_not_joined(client, teacher):
    client.post(NEW, {"message": "", "pieces": [upload("bon.pdf")]})
    client.post(NEW, TYPED)
    assert Message.objects.get().files.count() == 0


def test_four_files_in_two_times_are_one_too_many(client, teacher):
    client.post(NEW, {"message": "", "pieces": [upload("a.pdf"), upload("b.pdf")]})
    held = [str(f.public_id) for f in MessageFile.objects.all()]
    response = client.post(NEW, {**TYPED, "gardees": held, "pieces": [upload("c.pdf"), upload("d.pdf")]})
    assert response.status_code == 400
    assert "Un message porte 3 fichiers au plus" in words(response)


def test_ten_megabytes_of_text_are_refused_with_what_to_do(client, teacher):
    response = client.post(NEW, {**TYPED, "message": "a" * 10_000_000})
    assert response.status_code == 413
    assert "raccourcissez ce que vous avez collé" in words(response)
    assert not Thread.objects.exists()


def test_two_clicks_write_once(client, teacher):
    typed = {**TYPED, "jeton": token(client.get(NEW))}
    one, other = client.post(NEW, typed), client.post(NEW, typed)
    assert one["Location"] == other["Location"]
    assert Thread.objects.count() == 1
    typed = {**TICKET, "jeton": token(client.get(NEW_TICKET))}
    one, other = client.post(NEW_TICKET, typed), client.post(NEW_TICKET, typed)
    assert one["Location"] == other["Location"]
    assert Thread.objects.count() == 2


def test_two_tabs_write_two(client, teacher):
    for _ in range(2):
        client.post(NEW, {**TYPED, "jeton": token(client.get(NEW))})
    assert Thread.objects.count() == 2


def test_a_reply_come_meanwhile_is_read_first(client, teacher, office):
    thread = dialogue(teacher)
    answered(thread, office)
    response = client.post(address(thread), {"message": "Alors ?", "vu": "1"})
    assert response.status_code == 409
    text = words(response)
    assert "Une réponse est arrivée pendant que vous écriviez" in text
    assert "Voici la réponse." in text
    assert "Alors ?" in text
    assert 'name="vu" value="2"' in response.content.decode()
    assert client.post(address(thread), {"message": "Alors ?", "vu": "2"}).status_code == 302


def test_a_thread_closed_long_ago_gives_the_text_back(client, teacher, office, today):
    thread = close_thread(thread=dialogue(teacher), by=teacher)
    today.shift(dt.timedelta(days=31))
    client.force_login(teacher)
    response = client.post(address(thread), {"message": "Finalement…", "vu": "1"})
    assert response.status_code == 409
    assert "ne se rouvre plus" in words(response)
    assert "Finalement…" in words(response)
    assert "Ajouter un message" not in words(client.get(address(thread)))


def test_closing_twice_says_so(client, teacher):
    thread = close_thread(thread=dialogue(teacher), by=teacher)
    assert "déjà clos" in words(client.post(address(thread), {"action": "clore"}, follow=True))


def test_a_flood_is_refused_with_the_text_kept(client, teacher):
    thread = dialogue(teacher)
    for _ in range(PER_DAY - 1):
        write_message(thread=thread, by=teacher, written=Written("Encore."))
    for url, data in ((NEW, TYPED), (NEW_TICKET, TICKET), (address(thread), {"message": "Un de trop"})):
        response = client.post(url, data)
        assert response.status_code == 429
        assert data["message"].replace("'", "&#x27;") in response.content.decode()


@pytest.mark.parametrize("url", [NEW, "thread", "ticket", NEW_TICKET])
def test_what_was_typed_while_the_session_ended_is_given_back(client, teacher, today, url):
    made = {"thread": dialogue, "ticket": ticket}
    url = address(made[url](teacher)) if url in made else url
    typed = {**TYPED, **TICKET, "message": "Un long texte.", "jeton": token(client.get(url))}
    today.shift(dt.timedelta(minutes=31))
    response = client.post(url, typed)
    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")
    before = Message.objects.count()
    client.post(response["Location"], {"login": teacher.username, "password": PASSWORD})
    page = client.get(url)
    assert "Votre connexion avait pris fin : rien n'est parti." in words(page)
    assert "Un long texte." in words(page)
    assert Message.objects.count() == before
    assert "Un long texte." not in words(client.get(url)), "given back once"


def test_what_was_typed_is_given_to_nobody_else(client, teacher, today):
    typed = {**TYPED, "message": "Secret.", "jeton": token(client.get(NEW))}
    today.shift(dt.timedelta(minutes=31))
    client.post(NEW, typed)
    other = full_career(last_name="Vasseur").user
    client.post("/connexion/", {"login": other.username, "password": PASSWORD})
    assert "Secret." not in words(client.get(NEW))


def test_whoever_was_never_signed_in_leaves_nothing(client):
    response = client.post(NEW, {**TYPED, "jeton": "faux"})
    assert response.status_code == 302
    assert "typed" not in client.session


def test_the_sign_in_leads_back_to_what_was_asked(client):
    response = client.get(f"{NEW}?nature=fait&ref=echelon:1")
    assert response["Location"] == "/connexion/?next=/echanges/nouveau/%3Fnature%3Dfait%26ref%3Dechelon%3A1"


def test_what_was_sealed_with_a_key_since_changed_is_left(client, teacher, today):
    held = token(client.get(NEW))
    today.shift(dt.timedelta(minutes=31))
    client.post(NEW, {**TYPED, "jeton": held})
    client.force_login(teacher)
    with override_settings(NUMEN_KEY=base64.b64encode(b"x" * 32).decode()):
        page = client.get(NEW)
    assert page.status_code == 200
    assert "avait pris fin" not in words(page)


def test_a_page_shown_days_ago_sets_nothing_aside(client, teacher, today):
    held = token(client.get(NEW))
    today.shift(dt.timedelta(days=1, seconds=1))
    client.post(NEW, {**TYPED, "jeton": held})
    assert "typed" not in client.session


def test_a_fact_or_a_request_of_one_s_own_is_named_and_nobody_else_s(client, teacher, agent):
    step = agent.steps.first()
    other = full_career(last_name="Vasseur")
    correction, foreign = CorrectionRequestFactory(agent=agent), CorrectionRequestFactory(agent=other)
    early = AppraisalRequestFactory(agent=agent)
    for kind, ref, label in (
        ("fait", f"echelon:{step.ref}", "Échelon : "),
        ("rectification", correction.public_id, "Demande de rectification : "),
        ("rendez-vous", early.public_id, str(early.subject)),
    ):
        assert f"Au sujet de : {label}" in words(client.get(NEW, {"nature": kind, "ref": ref}))
        client.post(NEW, {**TYPED, "nature": kind, "ref": str(ref)})
        page = client.get(address(Thread.objects.order_by("pk").last()))
        assert f"Au sujet de {label}" in words(page)
        link = re.search(r'Au sujet de</dt><dd><a href="([^"]+)"', page.content.decode())[1]
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    count = Thread.objects.count()
    for kind, ref in (
        ("rectification", foreign.public_id),
        ("rendez-vous", AppraisalRequestFactory(agent=other).public_id),
        ("fait", f"echelon:{other.steps.first().ref}x"),
        ("fait", "echelon"),
        ("fait", "licorne:1"),
        ("rectification", "licorne"),
        ("licorne", "1"),
        ("fait", "\x00"),
    ):
        assert client.get(NEW, {"nature": kind, "ref": ref}).status_code == 404
        assert client.post(NEW, {**TYPED, "nature": kind, "ref": ref}).status_code == 404
    assert Thread.objects.count() == count


@pytest.mark.parametrize("make", [dialogue, ticket])
def test_anyone_else_s_thread_and_files_do_not_exist(client, teacher, make):
    other = make(full_career(last_name="Vasseur").user)
    mine = make(teacher)
    foreign = joined(other)["file_id"]
    base = address(other)
    assert client.get(base).status_code == 404
    assert client.post(base, {"message": "Bonjour"}).status_code == 404
    assert client.get(f"{base}pieces/{foreign}/").status_code == 404
    assert client.get(f"{address(mine)}pieces/{foreign}/").status_code == 404, "a file of another thread"
    assert client.get(f"{address(mine)}pieces/{joined(mine)['file_id']}/").status_code == 200
    kind = {dialogue: "support", ticket: "echanges"}[make]
    assert client.get(f"/{kind}/{mine.public_id}/").status_code == 404, "the other kind has its own pages"


def test_a_file_is_downloaded_never_shown(client, teacher):
    thread = dialogue(teacher, files=1)
    file = MessageFile.objects.get()
    response = client.get(f"{address(thread)}pieces/{file.public_id}/")
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"] == 'attachment; filename="piece-0.pdf"'
    assert "sandbox" in response["Content-Security-Policy"]
    assert not AccessEvent.objects.filter(kind="echange.lecture").exists(), "one's own"


def test_an_internal_note_is_on_no_page_of_the_owner(client, teacher, office):
    for thread in (dialogue(teacher), ticket(teacher)):
        add_note(thread=thread, by=office, text="À vérifier auprès du rectorat.")
        assert "À vérifier" not in client.get(address(thread)).content.decode()


def test_an_account_without_file_is_led_to_the_support(client):
    client.force_login(UserFactory(username="sansdossier"))
    response = client.get("/echanges/")
    assert response.status_code == 404
    assert "Aucun gestionnaire ne suit ce compte" in words(response)
    assert client.get("/support/").status_code == 200


@pytest.mark.req("S87")
def test_a_problem_is_filed_with_its_priority_and_closed_with_its_outcome(client, teacher, office):
    page = client.get(NEW_TICKET, HTTP_REFERER="http://testserver/ma-carriere/?nature=echelon")
    assert 'value="/ma-carriere/"' in page.content.decode()
    assert "Assistance DSDEN de Reims" in words(page)
    data = {**TICKET, "page": "/ma-carriere/", "echeance": "2026-11-26", "technique": "on", "etape": "envoyer"}
    text = words(client.post(NEW_TICKET, data, follow=True, HTTP_USER_AGENT="Firefox/140 (Linux)"))
    assert "Priorité Haute" in text
    assert "l'échéance indiquée tombe dans 3 jours ouvrés au plus" in text
    assert "Réponse attendue avant le 24 novembre 2026 à 14 h 00" in text
    assert "Firefox/140 (Linux)" in text
    assert "Destinataire Assistance DSDEN de Reims" in text
    thread = answered(Thread.objects.get(), office)
    closed = client.post(address(thread), {"action": "clore", "resolu": "en_partie"}, follow=True)
    assert "La demande est close." in words(closed)
    assert "Résolu ? En partie" in words(client.get(address(thread)))
    assert "Page vide" in words(client.get("/support/"))


def test_the_page_that_fails_is_carried_through_the_list(client, teacher):
    listed = client.get("/support/", HTTP_REFERER="http://testserver/ma-carriere/projection/?annees=5")
    link = re.search(r'href="(/support/nouveau/[^"]*)"', listed.content.decode())[1]
    page = client.get(link, HTTP_REFERER="http://testserver/support/").content.decode()
    assert 'value="/ma-carriere/projection/"' in page
    assert 'name="page" value' not in client.get(NEW_TICKET, HTTP_REFERER="http://testserver/support/").content.decode()
    assert client.get(NEW_TICKET, {"page": "\x00" + "a" * 400}).status_code == 200


@pytest.mark.req("S87")
def test_nothing_technical_is_told_without_consent(client, teacher):
    client.post(NEW_TICKET, TICKET, HTTP_USER_AGENT="Firefox/140", HTTP_REFERER="https://ailleurs.example/x")
    assert (Thread.objects.get().browser, Thread.objects.get().page) == ("", "")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"type": ""}, "Le type n'est pas choisi"),
        ({"type": "licorne"}, "Ce type n'existe pas"),
        ({"echeance": "2026-11-23"}, "Cette échéance est passée"),
        ({"echeance": "demain"}, "Cette date n'est pas comprise"),
        ({"page": "p" * 301}, "Cette adresse dépasse 300 caractères"),
    ],
)
def test_a_wrong_ticket_is_told_at_the_field(client, teacher, data, sentence):
    response = client.post(NEW_TICKET, {**TICKET, **data})
    assert response.status_code == 400
    assert sentence in words(response)
    assert not Thread.objects.exists()


def test_the_answers_of_the_help_come_before_the_sending(client, teacher):
    for n in range(5):
        HelpFactory(
            code=f"page-{n}", question=f"Pourquoi une page reste-t-elle vide ({n}) ?", answer="Actualisez la page."
        )
    response = client.post(NEW_TICKET, {**TICKET, "etape": "aide", "pieces": [upload("ecran.pdf")]})
    text = words(response)
    assert response.status_code == 200
    assert text.count("Pourquoi une page reste-t-elle vide") == 3
    assert "Rien n'est encore envoyé." in text
    assert not Thread.objects.exists()
    held = str(MessageFile.objects.get().public_id)
    again = {**TICKET, "etape": "envoyer", "gardees": [held], "jeton": token(response)}
    assert client.post(NEW_TICKET, again).status_code == 302
    assert Message.objects.get().files.count() == 1
    unanswered = {**TICKET, "sujet": "Hurluberlu", "message": "Zygomatique.", "etape": "aide"}
    assert client.post(NEW_TICKET, unanswered).status_code == 302


@pytest.mark.req("S87")
def test_whoever_cannot_sign_in_is_told_whom_to_ask(client):
    text = words(client.get("/support/connexion/"))
    assert "Adressez-vous à : Assistance DSDEN de Reims." in text
    assert "/support/connexion/" in client.get("/connexion/").content.decode()


@pytest.mark.parametrize("url", ["/echanges/", "/support/"])
def test_a_list_asks_as_much_for_one_as_for_many(client, teacher, office, url, django_assert_max_num_queries):
    make = dialogue if url == "/echanges/" else ticket
    counts = []
    for batch in (1, 12):
        for _ in range(batch):
            answered(make(teacher), office)
        with django_assert_max_num_queries(10) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_thread_asks_as_much_for_one_message_as_for_many(client, teacher, office, django_assert_max_num_queries):
    thread, counts = dialogue(teacher, files=1), []
    for batch in (1, 8):
        for _ in range(batch):
            answered(thread, office)
            write_message(thread=thread, by=teacher, written=Written("Encore."))
        joined(thread)
        with django_assert_max_num_queries(12) as queries:
            assert client.get(address(thread)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


NAMES = ("sujet", "message", "type", "echeance", "page", "nature", "ref", "jeton", "vu", "gardees", "action", "etape")


@given(data=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60), max_size=8))
def test_nothing_typed_breaks_a_page(agent, data):
    client = PortalClient()
    with transaction.atomic():
        client.force_login(agent.user)
        for url in (NEW, NEW_TICKET, address(dialogue(agent.user))):
            assert client.post(url, data).status_code in {200, 302, 400, 404, 409}
            assert client.get(url, data).status_code in {200, 404}
        transaction.set_rollback(True)


def test_the_types_on_the_screen_are_those_of_the_rules():
    assert {value for value, _ in Thread._meta.get_field("ticket_kind").choices} == set(TicketType)
