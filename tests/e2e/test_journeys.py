"""Real browser: sign in, look at the pages in both themes and two widths, with axe."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.factories.accounts import PASSWORD
from tests.factories.career import full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@pytest.fixture
def browser():
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield found
        found.close()


@pytest.mark.req("S01", "S16", "S24")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_a_teacher_signs_in_and_reads_an_accessible_career(live_server, browser, scheme, width):
    agent = full_career()
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/connexion/")
    assert Axe().run(page).violations_count == 0
    page.fill("#id_login", agent.user.username)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]:not([data-iprof-reveal])")
    page.wait_for_url(f"{live_server.url}/")
    for path in ("/", "/ma-carriere/"):
        page.goto(live_server.url + path)
        page.click("#content .why summary >> nth=0")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    assert errors == []
