"""A real browser. Pages are held against axe; SHOTS=<folder> also keeps what they look like, EVERY_VIEW=1
plays the journeys in both themes at both widths."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
EVERY = [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
VIEWS = EVERY if os.environ.get("EVERY_VIEW") else [EVERY[0], EVERY[3]]  # both themes and both widths, in half the time


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages of one private window; what the console reports as an error fails the test at its end."""
    contexts, errors = [], []

    def open_(*, scheme: str = "light", width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, java_script_enabled=script, locale="fr-FR"
        )
        contexts.append(context)
        page = context.new_page()
        # axe styles what it measures: those messages come from nowhere, ours name a file
        page.on(
            "console",
            lambda m: errors.append(f"{page.url}: {m.text}") if m.type == "error" and m.location.get("url") else None,
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()
    # A form sent back says 400, a portal closed for works 503, a sending that a test cuts ERR_FAILED: on purpose.
    meant = ("status of 4", "status of 503", "net::ERR_FAILED")
    refused = [error for error in errors if not any(words in error for words in meant)]
    assert refused == []


def check(page: Page, name: str) -> None:
    """No axe violation, no two-way scroll; a picture when asked for."""
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True, caret="initial")  # hiding it would inject a style
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
