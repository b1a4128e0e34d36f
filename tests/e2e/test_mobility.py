"""Real browser: a married certifié with two children asks three académies, with and without script, by keyboard alone, on a phone."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from documents.services.deposit import Details
from mobility.enums import RequestState
from mobility.models import MobilityRequest
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.career import full_career
from tests.factories.documents import kept_document
from tests.factories.mobility import campaign

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


def with_pieces(owner) -> None:
    """The family book and a contract, deposited already."""
    kept_document(owner, Details("livret_famille", "LivretFamille", dt.date(2026, 1, 5)))
    kept_document(owner, Details("contrat_travail", "ContratConjoint", dt.date(2026, 1, 5)), lines=17)


def begin(page, address: str) -> None:
    page.goto(f"{address}{reverse('mobility:home')}")
    page.get_by_role("button", name="Commencer ma demande").click()
    for rank, place in enumerate(("Dijon", "Lyon", "Nice"), start=1):
        page.get_by_label("Nom de l'académie").fill(place.lower())
        page.get_by_role("button", name="Ajouter ce vœu").click()
        at(page, rank, place)


def at(page, rank: int, place: str) -> None:
    page.locator(f"#voeu-{rank} .voeu__place", has_text=place).wait_for()


def tell_family(page) -> None:
    page.get_by_label("Rapprochement de conjoints", exact=True).check(force=True)
    page.get_by_label("Lien avec votre conjoint").select_option("mariage")
    page.get_by_label("Depuis le").fill("2019-04-27")
    page.get_by_label("Activité", exact=True).select_option("activite")
    page.get_by_label("Enfant 1 : date de naissance").fill("2020-01-09")
    page.get_by_label("Enfant 2 : date de naissance").fill("2022-03-12")
    page.get_by_label("En activité, tous les deux").fill("1")


def confirm(page) -> None:
    page.get_by_label("J'ai relu ma demande").check(force=True)
    page.get_by_role("button", name="Confirmer ma demande").dblclick()
    page.get_by_text("Votre demande est confirmée.").wait_for()


@pytest.mark.req("S50", "S51", "S52", "S53", "S54", "S55", "K4", "E23")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_request_from_the_first_vœu_to_the_receipt(live_server, open_page, scheme, width):
    owner = full_career().user
    campaign()
    with_pieces(owner)
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, owner)
    begin(page, live_server.url)
    page.get_by_role("button", name="Descendre Dijon").click()
    at(page, 2, "Dijon")
    page.get_by_role("button", name="Monter Dijon").click()
    check(page, f"mutation-voeux-{width}-{scheme}")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    tell_family(page)
    page.get_by_label("Code postal").fill("52100")
    page.locator("[data-iprof-commune]").get_by_text("choisissez la commune").wait_for()
    page.get_by_label("Code postal").fill("21000")
    page.locator("[data-iprof-commune]").get_by_text(
        "802,2 points"
    ).first.wait_for()  # 42 + 170 + 150,2 + 200 + 190 + 50
    check(page, f"mutation-priorites-{width}-{scheme}")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_role("heading", name="Pièces justificatives", level=1).wait_for()
    for piece in ("mariage", "enfants", "activite"):
        page.locator(f"[name='piece_{piece}']").first.check(force=True)
    check(page, f"mutation-pieces-{width}-{scheme}")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_text("Enfants à charge : votre dossier dit").wait_for()  # it knows of one child
    assert page.get_by_text("aucun document n'est choisi").count() == 0
    check(page, f"mutation-recap-{width}-{scheme}")
    confirm(page)
    check(page, f"mutation-demande-{width}-{scheme}")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Télécharger (PDF)").click()
    assert waited.value.suggested_filename.startswith("AccuseReception_confirmation")
    page.go_back()  # to the recap of a request that is sent: it says so, sends nothing more
    page.goto(live_server.url + reverse("mobility:home"))
    page.get_by_text("saisi", exact=True).wait_for()
    check(page, f"mutation-{width}-{scheme}")
    assert MobilityRequest.objects.get().state == RequestState.SUBMITTED


@pytest.mark.req("E27", "S53")
def test_the_same_without_script(live_server, open_page):
    owner = full_career().user
    campaign()
    with_pieces(owner)
    page = open_page(width=360, script=False)
    sign_in(page, live_server.url, owner)
    begin(page, live_server.url)
    page.get_by_role("button", name="Enregistrer et continuer").click()
    tell_family(page)
    page.get_by_label("Code postal").fill("52100")
    page.get_by_role("button", name="Voir mes points").click()
    page.get_by_label("Commune").select_option(label="Saint-Dizier (52)")
    page.get_by_label("Code postal").fill("21000")
    page.get_by_role("button", name="Voir mes points").click()
    page.locator("#points").get_by_text("802,2 points").first.wait_for()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    for piece in ("mariage", "enfants", "activite"):
        page.locator(f"[name='piece_{piece}']").first.check(force=True)
    page.get_by_role("button", name="Enregistrer et continuer").click()
    confirm(page)
    assert MobilityRequest.objects.get().state == RequestState.SUBMITTED


@pytest.mark.req("E23", "S51")
def test_vœux_by_keyboard_alone_and_by_the_pointer(live_server, open_page):
    owner = full_career().user
    campaign()
    page = open_page()
    sign_in(page, live_server.url, owner)
    begin(page, live_server.url)
    page.get_by_role("button", name="Monter Nice").focus()
    page.keyboard.press("Enter")
    at(page, 2, "Nice")
    page.get_by_label("Nom de l'académie").focus()
    page.keyboard.type("Atlantide")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("Atlantide")).wait_for()
    assert page.evaluate("document.activeElement.id") == "form-errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_lieu"
    page.keyboard.press("Control+a")
    page.keyboard.type("Reims")
    page.keyboard.press("Enter")
    at(page, 4, "Reims")
    page.locator("#voeu-1").scroll_into_view_if_needed()  # the page came back to the vœu just added
    page.locator("#voeu-4 .voeu__place").hover()
    first = page.locator("#voeu-1").bounding_box()
    page.mouse.down()
    for down in (9, 6, 3):  # as a hand moves: a page sees what is dragged over it from the second move
        page.mouse.move(first["x"] + 20, first["y"] + down)
    page.mouse.up()
    at(page, 1, "Reims")
    assert list(MobilityRequest.objects.get().voeux.values_list("place", flat=True)) == [
        "Reims",
        "Dijon",
        "Nice",
        "Lyon",
    ]
