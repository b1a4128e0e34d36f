"""« Ce message est-il vrai ? »: open to all, judged in place, shown inert, never kept."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from iprof.correspondence.services.bulletins import publish_bulletin, review_bulletin
from iprof.home.views.check import official
from security.domain.messages import MAX_TEXT
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import LureFactory, published_bulletin

pytestmark = [pytest.mark.django_db, pytest.mark.req("S18", "S30")]
MAILBOX = f"a.b@{settings.ACADEMIC_MAIL_DOMAIN}"
URL = "/aide/verifier-une-adresse/"


def test_the_official_names_come_from_the_settings():
    assert f"https://{official().host}" == settings.OFFICIAL_ADDRESS
    assert official().mail_domain == settings.ACADEMIC_MAIL_DOMAIN


def test_the_official_address_is_recognised(client):
    text = words(client.post(URL, {"texte": f"{settings.OFFICIAL_ADDRESS}/alertes/"}))
    assert "Adresse officielle Par prudence, tapez-la vous-même" in text
    assert "exactement le nom officiel" in text


def test_a_false_address_is_shown_with_its_reason_and_opens_nothing(client):
    response = client.post(URL, {"texte": "https://extranet.ac-reims.fr@evil.example/x"})
    text, html = words(response), response.content.decode()
    assert "Adresse suspecte N'ouvrez pas ce lien, ne répondez pas, et signalez le message." in text
    assert "Un nom précède le signe « @ »" in text
    assert "Site réellement désigné : evil[.]example" in text
    assert 'href="https://extranet' not in html
    assert "hxxps://extranet[.]ac-reims[.]fr@evil[.]example/x" in text


def test_a_whole_message_is_never_said_to_be_true(client):
    text = words(client.post(URL, {"texte": f"De : {MAILBOX}\nVoir {settings.OFFICIAL_ADDRESS}/alertes/"}))
    assert "Toutes les adresses de ce message sont officielles" in text
    assert "Cela ne prouve pas que le message est vrai" in text


def test_a_mailbox_alone_warns_that_senders_are_usurped(client):
    text = words(client.post(URL, {"texte": MAILBOX}))
    assert "Adresse de la messagerie académique Cela ne prouve pas que le message est vrai" in text


def test_a_message_without_official_address_says_so(client):
    text = words(client.post(URL, {"texte": "Voir http://un.example/ et www.autre.example/"}))
    assert "Ce message contient des adresses qui ne sont pas officielles" in text
    assert "Les adresses examinées" in text


def test_the_phrases_of_frauds_are_named(client):
    text = words(client.post(URL, {"texte": "Un changement urgent de barème vous attend."}))
    assert "Ce message est suspect" in text
    assert "le portail n'en annonce jamais par courriel" in text


def test_nothing_to_judge_proves_nothing(client):
    assert "Cela ne prouve pas qu'il est vrai" in words(client.post(URL, {"texte": "Bonjour à tous"}))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Collez un lien, une adresse ou le texte du message"),
        ("a" * (MAX_TEXT + 1), "Ce texte dépasse 20 000 caractères"),
        ("a\x00b", "Ce texte contient un caractère nul"),
    ],
)
def test_bad_input_is_told_at_the_field_and_kept(client, text, sentence):
    response = client.post(URL, {"texte": text})
    assert response.status_code == 400
    assert sentence in words(response)
    assert "Aucune adresse trouvée" not in words(response)
    assert text[:50].replace("\x00", "") in response.content.decode().replace("\x00", "")


def test_what_is_pasted_is_neither_stored_nor_echoed_as_markup(client):
    with CaptureQueriesContext(connection) as queries:
        response = client.post(URL, {"texte": "<script>alert(1)</script> https://evil.example/<b>"})
    assert [q["sql"].split()[0] for q in queries] == ["SELECT"]  # the lures of the bulletins
    assert "<script>alert" not in response.content.decode()


@pytest.mark.req("S23")
def test_a_message_of_a_bulletin_is_recognised(client):
    bulletin = published_bulletin()
    text = words(client.post(URL, {"texte": f"CHANGEMENT  urgent de votre bar\u200bème\n{settings.OFFICIAL_ADDRESS}/"}))
    assert "Ce message est suspect" in text
    assert "« Changement urgent de votre barème » figure dans le bulletin d'alerte du 4e trimestre 2026" in text
    assert bulletin.lures.get().clue in text


@pytest.mark.req("S23")
@pytest.mark.parametrize(("subject", "published"), [("Bonjour", True), ("Votre dossier en attente", False)])
def test_a_subject_too_short_or_not_published_accuses_nobody(client, subject, published):
    lure = LureFactory(subject=subject)
    if published:
        reader = UserFactory(username="relecteur")
        review_bulletin(bulletin=lure.bulletin, by=reader)
        publish_bulletin(bulletin=lure.bulletin, by=reader)
    assert "Déjà signalé" not in words(client.post(URL, {"texte": f"Objet : {subject}"}))


@pytest.mark.req("S31")
def test_the_hygiene_of_one_s_machine_is_reminded(client):
    text = words(client.get(URL))
    for words_of_s31 in ("ordinateur public", "antivirus", "vingt-quatre heures"):
        assert words_of_s31 in text
