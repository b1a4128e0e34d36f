"""« Mes données » as a person uses it: the register, a request, a copy behind the password; nobody else's (S65, S90)."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.enums_privacy import ExportState, PrivacyKind, PrivacyState
from documents.models import PersonalExport, PrivacyRequest
from documents.services import exports
from documents.services.deposit import Details
from documents.services.rights import answer_request, open_request
from iprof.kernel.law import LawFileError
from iprof.web.processings import FILE, FOLDER, build_processings, processings
from security.enums import Role
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory, staff
from tests.factories.documents import kept_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("S65", "S90", "T8", "D22", "D23")]
HOME, NEW, COPY = (reverse(f"privacy:{name}") for name in ("home", "request_new", "export"))
ASK, DOWNLOAD = reverse("privacy:export_ask"), reverse("privacy:export_download")


def asked(owner, kind=PrivacyKind.ACCESS, **fields):
    return open_request(owner=owner, kind=kind, message="Qui a lu mon dossier ?", **fields)


def ready(owner):
    export = exports.ask_export(owner=owner)
    exports.make_export(export.public_id)
    return export


def test_each_processing_says_everything_and_how_to_complain(client):
    text = words(client.get(HOME))
    for processing in processings():
        assert processing.name in text
        assert processing.retention in text
    for told in ("article 17, paragraphe 3", "article 20, paragraphe 3", "CNIL", "délégué", "Signaler une erreur"):
        assert told.lower() in text.lower()


@pytest.mark.parametrize("change", [("basis:", "base:"), ("  retention: La vie du compte.", "  retention: ''")])
def test_a_record_that_lacks_a_field_is_refused(tmp_path, change):
    text = (FOLDER / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(LawFileError):
        build_processings(tmp_path)


def test_whoever_has_no_file_has_rights_too():
    client = PortalClient()
    client.force_login(UserFactory())
    for address in (HOME, NEW, COPY):
        assert client.get(address).status_code == 200
    assert "Documents à supprimer" not in words(client.get(NEW))


def test_an_early_deletion_is_asked_followed_and_withdrawn(client, owner):
    document = kept_document(owner, Details(kind="bail", title="Bail Reims"))
    page = client.get(NEW, {"demande": "suppression", "document": str(document.pk)})
    assert page.context["form"]["documents"].value() == [str(document.pk)]
    sent = {"demande": "suppression", "documents": [str(document.pk)], "message": "Bail rompu."}
    answer = client.post(NEW, sent, follow=True)
    assert "transmise au délégué" in words(answer)
    assert "Bail Reims" in words(answer)
    made = PrivacyRequest.objects.get()
    assert "Réponse due au plus tard le" in words(client.get(HOME))
    assert "Bail Reims" not in words(client.get(NEW)), "asked already"
    client.post(reverse("privacy:request_withdraw", args=[made.public_id]))
    made.refresh_from_db()
    assert made.state == PrivacyState.WITHDRAWN
    assert "Vous avez retiré" in words(client.get(made.get_absolute_url()))
    again = client.post(reverse("privacy:request_withdraw", args=[made.public_id]), follow=True)
    assert "a déjà reçu une réponse" in words(again)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "La demande n'est pas choisie"),
        ({"demande": "effacer"}, "n'est pas dans la liste"),
        ({"demande": "acces"}, "L'explication est vide"),
        ({"demande": "acces", "message": "x" * 2001}, "Raccourcissez-la"),
        ({"demande": "acces", "message": "a\x00b"}, ""),
        ({"demande": "suppression", "message": "x"}, "Aucun document n'est choisi"),
        ({"demande": "suppression", "message": "x", "documents": ["nul"]}, "n'est plus dans la liste"),
        ({"demande": "acces", "message": "x", "documents": "own"}, "ne servent qu'à une suppression"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, owner, sent, sentence):
    document = kept_document(owner, Details(title="Bail"))
    if sent.get("documents") == "own":
        sent = {**sent, "documents": [str(document.pk)]}
    answer = client.post(NEW, sent)
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert not PrivacyRequest.objects.exists()


def test_without_any_document_an_early_deletion_is_told(client):
    answer = client.post(NEW, {"demande": "suppression", "message": "x"})
    assert (answer.status_code, "Aucun document ne peut être supprimé" in words(answer)) == (400, True)


def test_a_document_that_left_meanwhile_is_a_409(client, owner, monkeypatch):
    document = kept_document(owner, Details(title="Bail"))
    from documents.views import privacy  # noqa: PLC0415  (patched where it is used)

    def gone(**fields):
        raise privacy.DomainError("privacy_not_owner")

    monkeypatch.setattr(privacy, "open_request", gone)
    answer = client.post(NEW, {"demande": "suppression", "message": "x", "documents": [str(document.pk)]})
    assert (answer.status_code, "n'est plus conservé" in words(answer)) == (409, True)


def test_a_refusal_is_read_with_its_ground_and_the_way_to_complain(client, owner):
    made = asked(owner)
    answer_request(asked=made, by=staff(Role.DPO), accepted=False, answer="Déjà répondu.", ground="infondee")
    text = words(client.get(made.get_absolute_url()))
    for told in ("Déjà répondu.", "article 12, paragraphe 5", "CNIL", "tribunal administratif"):
        assert told in text


def test_a_request_of_somebody_else_does_not_exist(client):
    made = asked(UserFactory())
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.post(reverse("privacy:request_withdraw", args=[made.public_id])).status_code == 404


def test_a_copy_is_asked_and_downloaded_behind_the_password(client, owner):
    for address in (ASK, DOWNLOAD):
        if address == DOWNLOAD:
            ready(owner)
        assert client.post(address)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.post(DOWNLOAD)
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert {"donnees.json", "donnees.pdf", "LISEZMOI.txt"} <= set(names)
    assert "Téléchargée le" in words(client.get(COPY))
    assert "en demander une plus récente" in words(client.get(COPY)).lower()
    client.post(ASK)
    assert PersonalExport.objects.filter(owner=owner, state=ExportState.ASKED).exists()
    assert "Elle attend son tour" in words(client.get(COPY))
    PersonalExport.objects.filter(state=ExportState.ASKED).update(total=60, done=12)
    assert "12 parties sur 60" in words(client.get(COPY))


def test_without_a_copy_of_ones_own_there_is_nothing_to_download(client):
    ready(UserFactory())
    assert client.post(DOWNLOAD).status_code == 404


def test_a_copy_that_no_key_opens_is_told(client, owner):
    ready(owner)
    PersonalExport.objects.update(sealed=b"altered")
    client.post(ASK)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    PersonalExport.objects.all().delete()
    ready(owner)
    PersonalExport.objects.update(sealed=b"altered")
    assert "ne s'ouvre plus" in words(client.post(DOWNLOAD, follow=True))


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_takes_as_many_queries_for_one_request_as_for_four(client, owner, count):
    for _ in range(count):
        asked(owner)
    client.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        client.get(HOME)
    assert len(queries) <= 7


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["demande", "document", "documents", "message", "autre"]), st.text(max_size=30)))
def test_no_address_nor_form_breaks_the_page(client, sent):
    assert client.get(NEW, sent).status_code == 200
    assert client.post(NEW, sent).status_code in {302, 400, 409}


@pytest.mark.parametrize("acts", [True, False])
def test_the_page_sends_staff_to_the_delegate_for_their_acts(client, owner, acts):
    person = staff(Role.GESTIONNAIRE) if acts else owner
    client.force_login(person)
    assert ("comme agent de l'administration" in words(client.get(COPY))) is acts
