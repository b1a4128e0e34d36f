"""The deposit form: one document of a known type, photographs in one PDF, nothing lost, nothing half kept."""

import datetime as dt
import io
import itertools
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError
from django.test.client import BOUNDARY, MULTIPART_CONTENT, RequestFactory, encode_multipart
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from documents.enums import DocumentState
from documents.models import Document
from documents.services.deposit import Details
from documents.views import deposit as deposit_view
from iprof.web.whole_bodies import held_whole
from security.enums import AccessKind
from security.journal import record
from security.retention import retentions
from tests.client import PortalClient
from tests.documents.papers import letter, paper, photo, sent
from tests.factories.career import full_career
from tests.factories.documents import kept_document

pytestmark = pytest.mark.django_db


def url() -> str:
    return reverse("documents:deposit")


def photos(*lines: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"IMG_{n}.JPG", photo(letter(lines=n)), "image/jpeg") for n in lines]


@pytest.mark.req("S86", "E07")
def test_a_piece_of_a_procedure_asks_for_one_document_and_leads_back(client):
    page = client.get(url(), {"type": "justificatif_domicile", "procedure": "changement_adresse"}).content.decode()
    assert "Déposer : Justificatif de domicile" in page
    answer = client.post(
        url(),
        {
            "fichiers": sent(),
            "type": "justificatif_domicile",
            "procedure": "changement_adresse",
            "date": "2026-04-15",
            "titre": "",
        },
    )
    document = Document.objects.get()
    assert answer["Location"] == reverse("documents:procedure", args=["changement_adresse"])
    assert (document.kind, document.title) == ("justificatif_domicile", "JustifDomicile_Avril2026")
    assert document.verdicts.get(check_name="date").outcome == "conforme"


@pytest.mark.req("S69", "S70", "S86")
def test_a_mistake_of_typing_loses_neither_the_file_nor_what_was_typed(client):
    typed = {"type": "pacs", "procedure": "situation_familiale", "date": "", "titre": "Mon PACS de Reims"}
    answer = client.post(url(), typed | {"fichiers": sent()})
    document = Document.objects.get()
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "La date manque" in text
    assert "Mon PACS de Reims" in text
    assert document.get_absolute_url() in text
    again = client.post(document.get_absolute_url(), typed | {"date": "2020-01-15"})
    assert again["Location"] == reverse("documents:procedure", args=["situation_familiale"])
    verdict = Document.objects.get().verdicts.get(check_name="date")
    assert (verdict.outcome, verdict.word) == ("a-verifier", "perime")


@pytest.mark.req("S69")
def test_the_title_proposed_is_taken_in_one_click(client, owner):
    document = kept_document(owner)
    typed = {"type": "justificatif_domicile", "date": "2025-04-15", "titre": "scan001.pdf"}
    assert (
        "Prendre le titre « JustifDomicile_Avril2025 »"
        in client.post(document.get_absolute_url(), typed).content.decode()
    )
    client.post(document.get_absolute_url(), typed | {"prendre": "titre"})
    document.refresh_from_db()
    assert document.title == "JustifDomicile_Avril2025"
    assert document.verdicts.get(check_name="titre").outcome == "conforme"


def test_a_document_that_nobody_has_described_is_told_so(client, owner):
    assert kept_document(owner).verdicts.get(check_name="titre").word == "absent"


@pytest.mark.req("S86")
def test_several_photographs_make_one_document_in_their_order(client):
    client.post(url(), {"fichiers": photos(4, 8, 12), "reunir": "on"})
    document = Document.objects.get()
    assert (document.pages, document.original_name) == (3, "IMG_4.JPG")


def test_photographs_joined_are_told_without_a_hash_that_none_of_them_has(client):
    client.post(url(), {"fichiers": photos(4, 8), "reunir": "on"})
    document = Document.objects.get()
    text = client.get(document.get_absolute_url()).content.decode()
    assert "2 photographies réunies, la première sous le nom « IMG_4.JPG »" in text
    assert document.received_sha256 not in text
    client.post(url(), {"fichiers": photos(12)})
    alone = Document.objects.exclude(pk=document.pk).get()
    assert alone.received_sha256 in client.get(alone.get_absolute_url()).content.decode()


def test_what_is_no_photograph_is_not_joined_and_nothing_is_kept(client):
    answer = client.post(url(), {"fichiers": [*photos(4), sent("devis.pdf")], "reunir": "on"})
    assert answer.status_code == 400
    assert "« devis.pdf » n&#x27;est pas une photo" in answer.content.decode()
    assert not Document.objects.exists()


def test_one_document_is_expected_where_the_type_is_known(client):
    answer = client.post(
        url(), {"fichiers": [sent(lines=3), sent(lines=4)], "type": "diplome", "titre": "Licence de lettres"}
    )
    assert answer.status_code == 400
    assert "Un seul document est attendu" in answer.content.decode()
    assert "Licence de lettres" in answer.content.decode()


@pytest.mark.parametrize(("size", "refused"), [(3_500_000, False), (12_000_000, True)])
def test_a_photograph_may_weigh_more_than_the_document_made_of_it(client, size, refused):
    made = photo(letter())
    heavy = SimpleUploadedFile("IMG.jpg", made + b"\0" * (size - len(made)), "image/jpeg")
    answer = client.post(url(), {"fichiers": heavy})
    assert (Document.objects.get().state == DocumentState.REFUSED) is refused
    assert ("photo pèse 12 Mo ou plus" in answer.content.decode()) is refused


@pytest.mark.req("S86")
def test_the_same_file_again_is_told_with_its_date_and_a_link(client, owner):
    first = kept_document(owner)
    text = client.post(url(), {"fichiers": [sent(), sent(lines=4)]}).content.decode()
    assert f'href="{first.get_absolute_url()}">Voir le document déjà reçu le ' in text


def test_the_same_pages_in_other_bytes_are_told(owner):
    first = kept_document(owner)
    import pikepdf  # noqa: PLC0415

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as made:
        made.docinfo["/Title"] = "Autre"
        made.save(out)
    from documents.services.deposit import deposit  # noqa: PLC0415
    from documents.services.examine import examine  # noqa: PLC0415

    other = deposit(owner=owner, upload=SimpleUploadedFile("b.pdf", out.getvalue()))
    examine(other.pk)
    verdict = other.verdicts.get(check_name="doublon")
    assert (verdict.word, verdict.figures["document"]) == ("meme-contenu", str(first.pk))
    different = kept_document(owner, lines=5)
    assert different.verdicts.get(check_name="doublon").outcome == "conforme"


def test_a_sending_too_heavy_is_told_before_it_is_read(client):
    body = b"0" * (settings.REQUEST_MAX_BYTES + 1)
    answer = client.post(url(), body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "pèse plus de 32 Mo" in answer.content.decode()


@pytest.mark.req("S86")
@pytest.mark.parametrize("sent_part", [0.3, 0.999])
def test_a_cut_sending_is_not_taken_for_a_whole_one(sent_part):
    """As the server gives it: a body that ends before its announced length."""
    body = encode_multipart(BOUNDARY, {"fichiers": sent()})

    def request(part: float) -> WSGIRequest:
        environ = RequestFactory()._base_environ(
            REQUEST_METHOD="POST", CONTENT_TYPE=MULTIPART_CONTENT, CONTENT_LENGTH=str(len(body))
        )
        environ["wsgi.input"] = io.BytesIO(body[: int(len(body) * part)])
        return WSGIRequest(held_whole(environ))

    assert request(1).FILES["fichiers"].read() == paper()
    with pytest.raises(UnreadablePostError):
        request(sent_part).FILES  # noqa: B018


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=40)


@hypothesis_settings(max_examples=25)
@given(
    query=st.fixed_dictionaries(
        {},
        optional={
            "type": st.one_of(WORDS, st.sampled_from(["pacs", "rqth", "diplome"])),
            "procedure": st.one_of(WORDS, st.just("formation")),
            "remplace": st.one_of(WORDS, st.uuids().map(str)),
            "date": st.one_of(WORDS, st.dates().map(str)),
            "titre": WORDS,
            "mots": WORDS,
            "etat": WORDS,
        },
    )
)
def test_any_words_are_answered(client, query):
    assert client.get(url(), query).status_code == 200
    assert client.get(reverse("documents:home"), query).status_code in {200, 400}
    assert client.post(url(), query).status_code == 400


def test_what_the_script_says_of_a_file_sent_again_is_what_happens(client):
    """It is kept, and told: the script may not say that it is not."""
    for _ in range(2):
        client.post(url(), {"fichiers": [sent()]})
    assert Document.objects.alive().count() == 2
    assert Document.objects.filter(verdicts__word="meme-fichier").count() == 1
    script = (settings.BASE_DIR / "static/js/deposit.js").read_text("utf-8")
    assert "n'est pas gardé deux fois" not in script
    assert script.count("un fichier déjà reçu vous sera signalé") == 2


@pytest.mark.req("S86")
def test_files_beyond_the_time_of_a_form_are_told_and_not_kept(client, monkeypatch):
    """The clock of the view advances by half of the time at each look."""
    clock = itertools.count(step=deposit_view.SECONDS / 2)
    monkeypatch.setattr(deposit_view, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    answer = client.post(url(), {"fichiers": [sent(f"{n}.pdf", lines=n) for n in (3, 4, 5, 6)]})
    assert answer.status_code == 400
    assert set(Document.objects.values_list("original_name", flat=True)) == {"3.pdf", "4.pdf"}
    assert answer.content.decode().count("prenait trop de temps. Déposez-le de nouveau, seul.") == 2


def test_files_of_one_person_are_counted(client, monkeypatch, time_machine):
    other = PortalClient()
    other.force_login(full_career().user)
    monkeypatch.setattr(deposit_view, "FILES_PER_WINDOW", 3)
    time_machine.move_to("2026-11-24T10:00:01+01:00", tick=False)
    client.post(url(), {"fichiers": [sent(lines=3), sent(lines=4)]})
    client.post(url(), {"fichiers": [sent(lines=5)]})
    refused = client.post(url(), {"fichiers": [sent(lines=6)], "type": "diplome", "titre": "Licence de lettres"})
    assert refused.status_code == 429
    assert "dans 10 minutes" in refused.content.decode()
    assert "Licence de lettres" in refused.content.decode()
    assert Document.objects.count() == 3
    assert other.post(url(), {"fichiers": [sent(lines=7)]}).status_code == 302
    time_machine.move_to("2026-11-24T10:10:01+01:00", tick=False)
    assert client.post(url(), {"fichiers": [sent(lines=6)]}).status_code == 302


def test_the_list_is_searched_and_filtered(client, owner):
    kept_document(owner, Details("livret_famille", "Livret de la famille Exemple"))
    kept_document(owner, Details("pacs", "JustifPacs_Janvier2020", dt.date(2020, 1, 15)), lines=4)
    home = reverse("documents:home")
    assert "Livret de la famille" in client.get(home, {"mots": "famille exemple"}).content.decode()
    red = client.get(home, {"etat": "perime", "mots": ""}).content.decode()
    assert "Livret de la famille" not in red
    assert "JustifPacs" in red
    assert "ne répond à ces filtres" in client.get(home, {"mots": "introuvable"}).content.decode()


def test_who_read_it_and_where_it_serves_are_told(client, owner):
    document = kept_document(owner, Details("diplome", "Licence de lettres"))
    text = client.get(document.get_absolute_url()).content.decode()
    assert "joint à aucune procédure" in text
    assert "Personne d'autre que vous ne l'a lu dans les trois dernières années." in text
    kept = next(kind for kind in retentions() if AccessKind.DOCUMENT_READ in kind.kinds)
    assert kept.months == 3 * 12
    reader = full_career().user
    record(AccessKind.DOCUMENT_READ, actor=reader, subject=owner, document=str(document.pk))
    assert f"par {reader.get_full_name()}" in client.get(document.get_absolute_url()).content.decode()
