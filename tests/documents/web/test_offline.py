"""« Copie hors ligne »: what one chooses, encrypted under one's passphrase, with an index; nothing of it stays (S74)."""

import hashlib
import html
import io
import logging

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import custody
from documents.services import offline
from documents.services.deposit import Details, deposit
from security.enums import AccessKind
from security.models import AccessEvent
from tests.career.web.test_exports import pdf_text, structure
from tests.documents.ae2 import opened
from tests.documents.papers import sent
from tests.factories.career import full_career
from tests.factories.documents import kept_document

pytestmark = pytest.mark.django_db
PASSWORD = "Quatre-Renards-Gris-58"
ADDRESS = "/mes-documents/copie-hors-ligne/"


def ask(client, *documents, **typed):
    picked = {"documents": [str(one.pk) for one in documents]}
    return client.post(reverse("documents:offline"), picked | {"password1": PASSWORD, "password2": PASSWORD} | typed)


def shown(answer) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def archive(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.req("S74")
def test_the_copy_opens_with_its_password_and_holds_each_document_and_the_index(client, owner):
    first = kept_document(owner, Details("livret_famille", "Livret de famille"))
    second = kept_document(owner, Details("justificatif_domicile", "JustifDomicile_Avril2025"), lines=9)
    left = kept_document(owner, Details("livret_famille", "Autre livret"), lines=7)
    answer = ask(client, first, second)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="MesDocuments_')
    assert "no-store" in answer["Cache-Control"]
    found = opened(archive(answer), PASSWORD)
    assert list(found) == ["00-index.pdf", "01.pdf", "02.pdf"]
    hashes = {hashlib.sha256(content).hexdigest() for name, content in found.items() if name != "00-index.pdf"}
    assert hashes == {first.sha256, second.sha256}
    text = pdf_text(found["00-index.pdf"])
    for one in (first, second):
        assert str(one) in text
        assert one.sha256 in text.replace(" ", "")
    assert str(left) not in text


@pytest.mark.req("S74")
def test_the_index_is_tagged_titled_and_french(client, owner):
    index = opened(archive(ask(client, kept_document(owner))), PASSWORD)["00-index.pdf"]
    with pikepdf.open(io.BytesIO(index)) as document:
        assert str(document.Root.Lang).startswith("fr")
        assert str(document.docinfo.Title).startswith("Index de la copie hors ligne")
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(structure(document.Root.StructTreeRoot))


def test_the_names_in_the_archive_say_nothing(client, owner):
    document = kept_document(owner, Details("livret_famille", "Livret de famille"))
    made = archive(ask(client, document))
    assert b"Livret" not in made
    assert b"%PDF" not in made


def test_the_copy_is_in_the_journal_and_the_password_nowhere(client, owner, caplog):
    caplog.set_level(logging.DEBUG)
    document = kept_document(owner)
    with CaptureQueriesContext(connection) as queries:
        archive(ask(client, document))
    line = AccessEvent.objects.get(kind=AccessKind.DOCUMENTS_COPIED)
    assert (line.actor, line.subject, line.detail) == (owner, owner, {"documents": 1})
    assert PASSWORD not in caplog.text
    assert not any(PASSWORD in query["sql"] for query in queries)
    refused = ask(client, document, password2="autre")
    assert PASSWORD not in shown(refused)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"documents": []}, "Aucun document n'est choisi"),
        ({"documents": ["1f6a6a3e-0000-4000-8000-000000000000"]}, "n'est plus disponible"),
        ({"password1": ""}, "Choisissez un mot de passe."),
        ({"password1": "Moulin-Bleu7"}, "où l'on peut l'essayer sans limite"),
        ({"password1": "Quatre-Renards-Grisés-58"}, "contient « é »"),
        ({"password1": "Azertyuiop123456!"}, "Ce mot de passe se devine vite"),
        ({"password1": "Maëlle-Durand-au-58"}, "contient « ë »"),
        ({"password1": "Durand-Quatre-Gris-58"}, "facile à deviner à votre sujet"),
        ({"password2": "Quatre-Renards-Gris-59"}, "Les deux saisies diffèrent"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_chosen_stays(client, owner, typed, said):
    document = kept_document(owner)
    answer = ask(client, document, **typed)
    text = shown(answer)
    assert answer.status_code == 400
    assert said in text
    if "documents" not in typed:
        assert f'value="{document.pk}" id="id_documents_0" checked' in text
    assert not AccessEvent.objects.filter(kind=AccessKind.DOCUMENTS_COPIED).exists()


def test_seven_words_without_accent_are_enough(client, owner):
    phrase = "tortue parapluie gravier clarinette fougere ruban escalier"
    made = archive(ask(client, kept_document(owner), password1=phrase, password2=phrase))
    assert opened(made, phrase)


def test_more_than_a_copy_holds_is_refused_before_any_work(client, owner, monkeypatch):
    monkeypatch.setattr("documents.forms.offline.MOST_BYTES", 1000)
    answer = ask(client, kept_document(owner))
    assert answer.status_code == 400
    assert "au plus dans une copie : rien n'est préparé" in shown(answer)


@pytest.mark.req("S74")
def test_only_ones_own_documents_that_passed_the_checks_are_offered(client, owner):
    other = kept_document(full_career().user)
    waiting = deposit(owner=owner, upload=sent(lines=5))
    offered = kept_document(owner)
    text = client.get(ADDRESS).content.decode()
    assert [str(one.pk) in text for one in (offered, other, waiting)] == [True, False, False]
    assert [ask(client, one).status_code for one in (other, waiting)] == [400, 400]


def test_without_a_document_the_page_leads_to_the_deposit(client):
    text = client.get(ADDRESS).content.decode()
    assert "Aucun document contrôlé n'est à copier." in text
    assert reverse("documents:deposit") in text


@pytest.mark.parametrize("error", [custody.LostContent("x"), custody.UnreadableSecret("x"), OSError("down")])
def test_a_content_that_does_not_open_stops_the_copy_and_is_named(client, owner, monkeypatch, error):
    document = kept_document(owner, Details("livret_famille", "Livret de famille"))

    def fail(stored):
        raise error

    monkeypatch.setattr(custody, "read", fail)
    answer = ask(client, document)
    assert answer.status_code == 503
    assert "Le contenu de « Livret de famille » est momentanément illisible" in shown(answer)
    assert not AccessEvent.objects.filter(kind=AccessKind.DOCUMENTS_COPIED).exists()


def test_a_full_disk_is_told(client, owner, monkeypatch):
    def fail():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(offline, "TemporaryFile", fail)
    answer = ask(client, kept_document(owner))
    assert answer.status_code == 503
    assert "la place manque" in shown(answer)


def test_the_page_asks_as_many_queries_for_one_document_as_for_many(client, owner):
    def count(ask_it) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask_it()
        return len(queries)

    documents = [kept_document(owner, lines=3)]
    first = count(lambda: client.get(ADDRESS)), count(lambda: archive(ask(client, *documents)))
    documents += [kept_document(owner, lines=lines) for lines in range(4, 8)]
    assert (count(lambda: client.get(ADDRESS)), count(lambda: archive(ask(client, *documents)))) == first


ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=60)


@settings(max_examples=40, deadline=None)
@given(
    data=st.fixed_dictionaries(
        {},
        optional={
            "documents": st.lists(ANYTHING | st.uuids().map(str), max_size=3),
            "password1": ANYTHING,
            "password2": ANYTHING,
        },
    )
)
def test_anything_typed_gets_a_page(client, owner, data):
    assert client.post(ADDRESS, data).status_code == 400
