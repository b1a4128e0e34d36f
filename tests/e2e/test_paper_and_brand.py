"""What only a browser tells: the page once printed, and the fonts each brand fetches."""

import pytest
from django.conf import settings
from django.utils import timezone

from iprof.web import context
from iprof.web.formats import french_date
from tests.e2e.test_every_page import sign_in
from tests.factories.career import full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


@pytest.mark.req("E25")
@pytest.mark.parametrize("path", ["/", "/ma-carriere/", "/ma-carriere/cv/"])
def test_paper_keeps_the_file_and_drops_the_rest(live_server, open_page, path):
    page = open_page()
    sign_in(page, live_server.url, full_career().user)
    page.goto(live_server.url + path)
    foot, nav, footer = page.locator(".print-foot"), page.locator("nav#nav"), page.locator("footer")
    assert not foot.is_visible()
    assert nav.is_visible()
    page.emulate_media(media="print")
    assert foot.is_visible()
    assert not nav.is_visible()
    assert not footer.is_visible()
    assert page.get_by_role("button").count() == 0 or not page.get_by_role("button").first.is_visible()
    assert foot.inner_text() == (
        f"{settings.OFFICIAL_ADDRESS}{path} — {settings.PORTAL_NAME} version {settings.VERSION}, "
        f"imprimé le {french_date(timezone.localdate())}"
    )
    assert page.locator("h1").is_visible()


@pytest.mark.req("E25")
def test_paper_keeps_only_the_explanations_opened(live_server, open_page):
    page = open_page()
    sign_in(page, live_server.url, full_career().user)
    page.goto(f"{live_server.url}/ma-carriere/projection/")
    whys = page.locator(".why")
    assert whys.count() > 3
    whys.first.locator("summary").click()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert whys.first.locator(".why__body").is_visible()
    assert not [n for n in range(1, whys.count()) if whys.nth(n).is_visible()]


@pytest.mark.req("E02", "E03")
@pytest.mark.parametrize("brand", ["neutral", "etat"])
def test_the_state_s_font_is_fetched_for_its_brand_only(live_server, open_page, monkeypatch, brand):
    monkeypatch.setitem(context._FIXED, "brand", brand)
    page, fonts = open_page(), []
    page.on("request", lambda request: fonts.append(request.url) if request.resource_type == "font" else None)
    page.goto(live_server.url + "/connexion/")
    page.wait_for_load_state("networkidle")
    assert page.locator(".fr-logo").count() == (1 if brand == "etat" else 0)
    assert bool([url for url in fonts if "Marianne" in url]) == (brand == "etat")
    assert fonts == [] or brand == "etat"
