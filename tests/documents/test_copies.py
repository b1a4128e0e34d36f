"""What a service sees of a document: pages drawn, a copy that says who took it, a trace that its owner reads."""

import datetime as dt
import io

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse
from PIL import Image

from documents import custody, probe
from documents.models import Document
from documents.services import copies
from iprof.web.probe import ask
from security.enums import AccessKind, Role
from security.models import AccessEvent
from tests.client import PortalClient
from tests.factories.accounts import AuthenticatorFactory, staff
from tests.factories.career import full_career
from tests.factories.documents import kept_document, sent_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("S14", "S65")]


@pytest.fixture
def owner():
    return full_career().user


@pytest.fixture
def manager():
    user = staff(Role.GESTIONNAIRE, first_name="Zoé", last_name="Fictive")
    AuthenticatorFactory(user=user)
    return user


def browser(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def identity(owner) -> Document:
    return sent_document(owner, kind="piece_identite").uses.get().document


def page_of(client, document, page: int = 1):
    return client.get(reverse("documents:preview", args=[document.pk, page]))


def copy_of(client, document):
    return client.get(reverse("documents:staff_copy", args=[document.pk]))


def drawn(response) -> Image.Image:
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    return Image.open(io.BytesIO(response.content)).convert("RGB")


def reddish(image: Image.Image) -> int:
    """Pixels clearly redder than grey: the papers of the tests are black on white."""
    red, green, _ = image.split()
    return sum(
        one - other > 30 for one, other in zip(red.get_flattened_data(), green.get_flattened_data(), strict=True)
    )


def reads(owner) -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(subject=owner, kind=AccessKind.DOCUMENT_READ).order_by("pk"))


def test_a_page_is_drawn_for_its_owner_without_trace_nor_words(owner):
    document = identity(owner)
    image = drawn(page_of(browser(owner), document))
    assert (image.width, reddish(image)) == (copies.WIDTH, 0)
    assert reads(owner) == []


def test_the_service_sees_an_identity_paper_with_words_across_it(owner, manager):
    assert reddish(drawn(page_of(browser(manager), identity(owner)))) > 1000


def test_the_service_sees_another_paper_as_it_is(owner, manager):
    document = sent_document(owner).uses.get().document
    assert reddish(drawn(page_of(browser(manager), document))) == 0
    assert copy_of(browser(manager), document).content == custody.read(document.stored)


def test_the_words_are_in_the_pixels_of_the_copy_and_the_original_stays(owner, manager):
    document = identity(owner)
    before = custody.read(document.stored)
    response = copy_of(browser(manager), document)
    assert response["Content-Disposition"].startswith("attachment")
    assert "Copie-" in response["Content-Disposition"]
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        [page] = pdf.pages
        assert [str(name) for name in page.get_images()] == ["/Page"]
        assert page.get("/Annots") is None
    with pypdfium2.PdfDocument(response.content) as pdf:
        assert reddish(pdf[0].render(scale=1).to_pil().convert("RGB")) > 500
    assert custody.read(document.stored) == before
    assert copy_of(browser(owner), document).content == before


def test_the_words_say_who_for_which_service_and_when(owner, manager):
    document, today = identity(owner), dt.date(2026, 11, 25)
    assert (
        copies.words_on(document, by=manager, on=today)
        == f"COPIE - Gestionnaire DSDEN - Zoé Fictive - {today:%d/%m/%Y}"
    )


def test_each_reading_leaves_a_trace_that_the_owner_sees(owner, manager):
    document = sent_document(owner).uses.get().document
    page_of(browser(manager), document)
    copy_of(browser(manager), document)
    assert [event.detail["read_as"] for event in reads(owner)] == ["apercu", "copie"]
    shown = browser(owner).get(reverse("security:file_reads")).content.decode()
    for words in (
        "Zoé Fictive",
        "Document lu",
        "Justificatif de domicile, «\N{NO-BREAK SPACE}Pièce fictive\N{NO-BREAK SPACE}», aperçu des pages",
        "Justificatif de domicile, «\N{NO-BREAK SPACE}Pièce fictive\N{NO-BREAK SPACE}», copie marquée téléchargée",
        "Pièce transmise : Changement d&#x27;adresse",
    ):
        assert words in shown


def test_the_pages_of_a_document_looked_at_one_after_the_other_are_one_reading(owner, manager, time_machine):
    document = sent_document(owner, pages=2).uses.get().document
    for page in (1, 2, 1):
        assert page_of(browser(manager), document, page).status_code == 200
    assert len(reads(owner)) == 1
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31))
    page_of(browser(manager), document)
    assert len(reads(owner)) == 2


def test_the_trace_of_a_medical_document_tells_no_type(owner):
    submission = sent_document(owner, procedure="certificat_medical")
    doctor = staff(Role.MEDICAL)
    AuthenticatorFactory(user=doctor)
    assert page_of(browser(doctor), submission.uses.get().document).status_code == 200
    [event] = reads(owner)
    assert event.reason == "Pièce transmise au service médical"
    assert "certificat" not in str(event.detail)


def test_staff_without_a_second_factor_see_nothing(owner, settings):
    settings.STAFF_FACTOR_EVERYWHERE = True
    plain, document = staff(Role.GESTIONNAIRE), identity(owner)
    for response in (page_of(browser(plain), document), copy_of(browser(plain), document)):
        assert response.url == reverse("security:second_step")
    assert reads(owner) == []


def test_a_page_that_is_not_is_not_found(owner):
    document = kept_document(owner)
    assert page_of(browser(owner), document, 0).status_code == 404
    assert page_of(browser(owner), document, 2).status_code == 404


def test_a_page_that_cannot_be_drawn_is_told(owner, monkeypatch):
    monkeypatch.setattr(probe, "render", lambda *args, **kwargs: b"")
    response = page_of(browser(owner), kept_document(owner))
    assert response.status_code == 422
    assert "Téléchargez le document" in response.content.decode()


def test_a_content_that_is_gone_is_told(owner, manager):
    document = identity(owner)
    custody.erase(document.stored.name)
    for response in (page_of(browser(manager), document), copy_of(browser(manager), document)):
        assert response.status_code == 503
    assert reads(owner) == []


@pytest.mark.parametrize("word", ["long", "heavy"])
def test_an_identity_paper_that_cannot_be_copied_is_told_and_never_given_as_it_is(owner, manager, monkeypatch, word):
    def refused(*args, **kwargs):
        raise probe.CannotCopy(word)

    document = identity(owner)
    monkeypatch.setattr(probe, "copied", refused)
    response = copy_of(browser(manager), document)
    assert response.status_code == 422
    assert b"%PDF" not in response.content


def test_a_copy_has_a_ceiling_of_pages():
    with pytest.raises(probe.CannotCopy, match="long"):
        probe.copied(many_pages(41), words="COPIE")
    assert ask("copy", many_pages(3), words="COPIE").told == {"pages": 3}


def many_pages(count: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(count):
            made.add_blank_page()
        made.save(out)
    return out.getvalue()
