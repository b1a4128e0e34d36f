"""« Correspondances » for those who receive them: one's own only, searched, read and answered by POST alone (S11)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.models import Alert, CircularRecipient
from iprof.correspondence.rich_text import shown
from iprof.correspondence.services.alerts import send_alert
from iprof.correspondence.services.circulars import recall_circular
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.career import full_career
from tests.factories.correspondence import draft_circular, sent_circular, simulated_circular
from tests.factories.files import pdf, pdf_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11")]
URL = "/correspondances/"
DEADLINE = dt.date(2026, 12, 12)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def reader(client):
    user = full_career().user
    client.force_login(user)
    return user


def row_of(user) -> CircularRecipient:
    return CircularRecipient.objects.get(user=user)


def test_an_empty_list_says_what_will_come(client, reader):
    simulated_circular()
    draft_circular()
    text = words(client.get(URL))
    assert "Vous n'avez reçu aucune correspondance" in text
    assert "Liste d'aptitude" not in text


def test_a_draft_or_a_simulation_is_nobody_s_page(client, reader):
    for circular in (draft_circular(), simulated_circular()):
        for page in ("", "lue/", "fait/", "ranger/"):
            address = circular.get_absolute_url() + page
            assert (client.post(address) if page else client.get(address)).status_code == 404
    assert row_of(reader).read_at is None


def test_the_list_marks_what_is_unread_and_what_is_to_do(client, reader):
    sent_circular(reader, deadline=DEADLINE)
    sent_circular(full_career().user, title="À quelqu'un d'autre")
    text = words(client.get(URL))
    assert "1 correspondance, 1 non lue en tout" in text
    assert "Non lue Liste d'aptitude : dépôt des dossiers Circulaire n° 2026-041 · 24 novembre 2026" in text
    assert "À faire À faire au plus tard le 12 décembre 2026 : il reste 18 jours." in text
    assert "quelqu'un d'autre" not in text


def test_opening_a_page_writes_nothing_the_button_does(client, reader):
    circular = sent_circular(reader)
    client.get(URL)
    text = words(client.get(circular.get_absolute_url()))
    assert "Marquer comme lu" in text
    assert row_of(reader).read_at is None
    response = client.post(f"{circular.get_absolute_url()}lue/", {"ouvrir": "1"})
    assert response.headers["Location"] == circular.get_absolute_url()
    assert row_of(reader).read_at is not None
    assert Alert.objects.get(user=reader).read_at is not None
    text = words(client.get(circular.get_absolute_url()))
    assert "Marquer comme lu" not in text
    assert "Vous avez lu cette correspondance le 24 novembre 2026" in text


def test_the_first_reading_keeps_its_day(client, reader):
    circular = sent_circular(reader)
    address = f"{circular.get_absolute_url()}lue/"
    assert "marquée comme lue" in words(client.post(address, follow=True))
    first = row_of(reader).read_at
    with time_machine.travel(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC), tick=False):
        client.force_login(reader)
        client.post(address)
    assert row_of(reader).read_at == first


def test_opening_the_alert_is_reading_marking_it_is_not(client, reader):
    sent_circular(reader)
    alert = Alert.objects.get(user=reader)
    client.post(f"/alertes/{alert.message_id}/lue/")
    assert row_of(reader).read_at is None
    response = client.post(f"/alertes/{alert.message_id}/lue/", {"ouvrir": "1"})
    assert response.headers["Location"] == alert.link
    assert row_of(reader).read_at is not None


@pytest.mark.parametrize("cause", ["", "correspondance:", "correspondance:x", "correspondance:999999", "echeance:1"])
def test_an_alert_of_something_else_marks_nothing(client, reader, cause):
    sent_circular(reader)
    alert = send_alert(user=reader, kind="carriere.essai", subject="x", body="x", link=URL, cause=cause)
    assert client.post(f"/alertes/{alert.message_id}/lue/", {"ouvrir": "1"}).status_code == 302
    assert row_of(reader).read_at is None


def test_what_is_asked_is_said_done_once(client, reader):
    circular = sent_circular(reader, deadline=DEADLINE)
    address = f"{circular.get_absolute_url()}fait/"
    text = words(client.post(address, follow=True))
    assert "C'est noté" in text
    assert "Vous avez dit le 24 novembre 2026 avoir fait le nécessaire" in text
    assert "J'ai fait le nécessaire" not in text
    row = row_of(reader)
    assert row.read_at is not None
    client.post(address)
    assert row_of(reader).acted_at == row.acted_at


def test_nothing_is_done_of_what_asks_nothing(client, reader):
    circular = sent_circular(reader, expects_act=False)
    assert "J'ai fait le nécessaire" not in words(client.get(circular.get_absolute_url()))
    assert "ne demande rien" in words(client.post(f"{circular.get_absolute_url()}fait/", follow=True))
    assert row_of(reader).acted_at is None


def test_a_recalled_circular_says_so_wherever_it_shows(client, reader):
    circular = sent_circular(reader, deadline=DEADLINE)
    recall_circular(circular=circular, by=circular.edited_by, reason="La date est fausse.")
    for page in (URL, circular.get_absolute_url(), "/alertes/"):
        text = words(client.get(page)).lower()
        assert "rappelé" in text
        assert "le 24 novembre 2026" in text
        assert "la date est fausse." in text
    page = words(client.get(circular.get_absolute_url()))
    assert "Les dossiers se déposent sur le portail" in page  # what was said stays
    assert "il reste" not in page
    assert "ne demande rien" in words(client.post(f"{circular.get_absolute_url()}fait/", follow=True))
    assert "il reste" not in words(client.get(f"{URL}?vue=echeance"))


def test_put_away_and_taken_out_again(client, reader):
    circular = sent_circular(reader)
    address = f"{circular.get_absolute_url()}ranger/"
    assert "Rangée dans vos archives" in words(client.post(address, {"action": "ranger"}, follow=True))
    assert "Toutes vos correspondances sont dans vos archives" in words(client.get(URL))
    assert circular.title in words(client.get(f"{URL}?vue=archivees"))
    assert circular.title in words(client.get(f"{URL}?mots=aptitude"))  # a search of all looks there too
    client.post(address, {"action": "ressortir"})
    assert circular.title in words(client.get(URL))


def test_a_file_is_downloaded_by_its_recipients_alone_and_leaves_a_trace(client, reader):
    circular = sent_circular(reader, files=[pdf("Annexe à lire.pdf")])
    file = circular.files.get()
    page = client.get(circular.get_absolute_url()).content.decode()
    address = f"{circular.get_absolute_url()}pieces/{file.attachment.public_id}/"
    assert address in page
    assert "Annexe à lire.pdf" in page
    response = client.get(address)
    assert response.content[:5] == pdf_bytes()[:5]
    assert response.headers["Content-Disposition"].startswith("attachment")
    trace = AccessEvent.objects.get(kind="correspondance.piece")
    assert (trace.actor, trace.detail) == (reader, {"circular": circular.pk, "position": 1})
    elsewhere = sent_circular(reader)
    assert client.get(f"{elsewhere.get_absolute_url()}pieces/{file.attachment.public_id}/").status_code == 404
    other = PortalClient()
    other.force_login(full_career().user)
    assert other.get(address).status_code == 404


def test_the_page_of_another_does_not_exist(client, reader):
    circular = sent_circular(full_career().user)
    for address in (circular.get_absolute_url(), f"{URL}{uuid.uuid4()}/"):
        assert client.get(address).status_code == 404
        for page in ("lue/", "fait/", "ranger/"):
            assert client.post(address + page).status_code == 404
    row = CircularRecipient.objects.get()
    assert (row.read_at, row.acted_at, row.archived_at) == (None, None, None)


def test_html_of_a_circular_is_what_a_letter_needs(client, reader):
    body = '<h3>Calendrier</h3><p onclick="vol()">Lire <a href="javascript:vol()">ici</a></p><script>vol()</script>'
    circular = sent_circular(reader, body=body)
    html = client.get(circular.get_absolute_url()).content.decode()
    assert "<h3>Calendrier</h3>" in html
    assert "vol()" not in html
    assert "vol()" not in circular.html
    assert shown(body) == circular.html  # cleaned once more when shown, whatever a row says


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("échéancier", True),
        ("ECHEANCIER", True),
        ("echeanciers", True),
        ("mutées", True),
        ("mutees", True),
        ("mutation", False),
        ("liste aptitude", True),
        ('"dépôt des dossiers"', True),
        ("2026-041", True),
        ("aptitude -dossier", False),
        ("zzz or dossiers", True),
    ],
)
def test_words_are_found_whatever_their_accents_and_endings(client, reader, asked, found):
    sent_circular(reader, body="L'échéancier des personnes mutées est joint.")
    text = words(client.get(URL, {"mots": asked}))
    assert ("Liste d'aptitude" in text) is found
    assert found or "Aucune correspondance ne répond à cette recherche" in text


def test_the_nearest_answer_comes_first(client, reader):
    sent_circular(reader, title="Mutation", body="Dates.")
    sent_circular(reader, title="Dates", body="Une mutation.")
    text = words(client.get(URL, {"mots": "mutation"}))
    assert text.index("Non lue Mutation") < text.index("Non lue Dates")


def test_the_views_keep_what_they_say(client, reader):
    late = sent_circular(reader, title="Plus tard", deadline=dt.date(2027, 1, 15))
    soon = sent_circular(reader, title="Bientôt", deadline=DEADLINE)
    plain = sent_circular(reader, title="Sans date", expects_act=False)
    client.post(f"{plain.get_absolute_url()}lue/")
    due = words(client.get(f"{URL}?vue=echeance"))
    assert due.index(soon.title) < due.index(late.title)
    assert plain.title not in due
    assert plain.title not in words(client.get(f"{URL}?vue=non-lues"))


def test_a_wrong_filter_says_so_and_leaves_the_other_at_work(client, reader):
    sent_circular(reader, title="Mutation", body="Dates.")
    sent_circular(reader)
    response = client.get(URL, {"vue": "toutes", "mots": "mutation"})
    assert response.status_code == 400
    text = words(response)
    assert "Ce tri n'existe pas. Choisissez-en un dans la liste." in text
    assert "Mutation" in text
    assert "Liste d'aptitude" not in text
    response = client.get(URL, {"mots": "é" * 101})
    assert response.status_code == 400
    assert "dépasse 100 caractères" in words(response)
    assert "é" * 101 in response.content.decode()


def test_any_address_answers(reader):
    sent_circular(reader)

    @given(query=st.dictionaries(st.sampled_from(["mots", "vue", "page", "x"]), st.text(max_size=40)))
    def ask(query):
        cache.clear()
        client = PortalClient()
        client.force_login(reader)
        assert client.get(URL, query).status_code in {200, 400}

    ask()


def test_a_page_holds_twenty(client, reader):
    for n in range(21):
        sent_circular(reader, title=f"Circulaire numéro {n}")
    assert words(client.get(URL)).count("Non lue Circulaire numéro") == 20
    assert "Non lue Circulaire numéro 0" in words(client.get(f"{URL}?page=2"))


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_hold_their_queries(client, reader, django_assert_num_queries, n):
    for _ in range(n):
        circular = sent_circular(reader, files=[pdf(f"{k}.pdf") for k in range(n)])
    with django_assert_num_queries(5):  # session, user, counts, count of the page, page
        client.get(URL)
    with django_assert_num_queries(4):  # session, user, correspondence, files
        client.get(circular.get_absolute_url())
