"""« Promotion de grade » without a mouse: Tab, Enter, Space, arrows and digits only, from « Ma carrière » to a corrected error."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from career.domain import promotion_gauge
from career.domain.promotion_thresholds import Threshold, load_thresholds
from career.models import CareerStep
from iprof.kernel.legal import LegalSource
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.career import CareerStepFactory, full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
FAR = 80  # more Tabs than any page here has stops


def tab_to(page: Page, selector: str) -> None:
    """Tabs forward until the element has the focus, and sees that the focus shows."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{selector}: the focus does not show"
            return
    raise AssertionError(f"{selector} is out of reach of the keyboard")


@pytest.mark.req("S41", "S43", "E22")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_the_simulator_by_keyboard(live_server, open_page, scheme, width):
    agent = full_career()
    CareerStep.objects.filter(agent=agent).delete()
    CareerStepFactory(agent=agent, echelon=10, effective_on=dt.date(2025, 3, 1))
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, agent.user)
    page.goto(f"{live_server.url}/ma-carriere/")

    tab_to(page, "main a[href='/ma-carriere/promotion/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Promotion de grade", level=1)).to_be_visible()

    tab_to(page, "#id_appreciation")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".simulator button[type=submit]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("appreciation=Excellent"))
    expect(page.get_by_label("Appréciation finale")).to_have_value("Excellent")
    expect(page.get_by_role("img", name=re.compile("seuil non publié"))).to_have_count(2)

    tab_to(page, ".fold > summary")
    page.keyboard.press("Space")
    tab_to(page, "#id_echelon")  # its content is selected on arrival
    page.keyboard.type("12")
    tab_to(page, ".simulator button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#id_echelon-error")).to_contain_text("compte 11 échelons")
    check(page, f"promotion-clavier-erreur-{width}-{scheme}")

    tab_to(page, "#form-errors a[href='#id_echelon']")
    page.keyboard.press("Enter")
    expect(page.locator("#id_echelon")).to_be_focused()
    expect(page.locator("#id_echelon")).to_have_value("12")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Situation saisie, pas celle de votre dossier")).to_be_visible()
    expect(page.locator("#id_echelon")).to_have_value("11")

    tab_to(page, ".gauge-box summary")
    page.keyboard.press("Enter")
    expect(page.locator(".gauge-box .why__body").first).to_contain_text("Le barème du dernier promu n'est pas publié")
    check(page, f"promotion-clavier-{width}-{scheme}")

    page.reload()  # the focus goes back to the top
    tab_to(page, "#situation-saisie a")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/ma-carriere/promotion/")


@pytest.mark.req("S42", "E22", "E23")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_every_state_of_the_page_is_accessible(live_server, open_page, monkeypatch, scheme, width):
    """The three colours, which no published threshold shows yet, and the ordered criteria."""
    none = load_thresholds()
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, full_career().user)
    base = f"{live_server.url}/ma-carriere/promotion/?corps=certifies&entree=2025-03-01"
    for points, state in ((500, "below"), (255, "near"), (0, "reached")):
        one = Threshold("19", ("certifies",), 2026, points, LegalSource("Bulletin d'essai"))
        monkeypatch.setattr(promotion_gauge, "load_thresholds", lambda one=one: replace(none, known=(one,), margin=250))
        page.goto(f"{base}&grade=classe_normale&echelon=10&appreciation=Satisfaisant")
        assert page.locator(f".gauge--{state}").count() == 2
        check(page, f"promotion-{state}-{width}-{scheme}")
    page.goto(f"{base}&grade=hors_classe&echelon=5")
    assert page.locator(".ranks > li").count() == 6
    check(page, f"promotion-exceptionnelle-{width}-{scheme}")
