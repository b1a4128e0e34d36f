"""From the last digit of the conjoint's postal code to the points on the screen, in Chromium (requirement S53)."""

import shutil
import statistics
import time
from collections.abc import Iterator

from bench import Figure

TIMES = 50
CODES = ("21000", "69003")  # in turn: what is shown changes each time
CHANGED = "before => document.querySelector('[data-iprof-points]').innerHTML !== before"


def typed_to_shown(port: int, cookie: str, campaign: str, *, goal: float) -> Iterator[Figure]:
    """Median and p95 of TIMES typings by one teacher, with nobody else; nothing where no Chromium is."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        return
    waits = _waits(browser, f"http://127.0.0.1:{port}", cookie)
    p95 = statistics.quantiles(waits, n=20)[18]
    yield Figure(
        "typed.p50", round(statistics.median(waits), 1), "ms", note=f"{TIMES} times, the pause before asking included"
    )
    yield Figure("typed.p95", round(p95, 1), "ms", goal=f"<= {goal:g}", ok=p95 <= goal)


def _waits(browser: str, address: str, cookie: str) -> list[float]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (only where it measures)

    name, _, value = cookie.partition("=")
    with sync_playwright() as player:
        page = player.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page()
        page.context.add_cookies([{"name": name, "value": value, "url": address}])
        page.goto(f"{address}/mutation/mon-bareme/")
        page.locator("main form button").first.click()
        page.wait_for_url("**/voeux/")
        for place in ("Dijon", "Lyon"):
            page.fill("[name=lieu]", place)
            page.press("[name=lieu]", "Enter")
            page.wait_for_load_state()
        page.goto(page.url.partition("#")[0].replace("/voeux/", "/priorites/"))
        page.check("[name=strategy][value=rc]")
        page.select_option("[name=lien]", "mariage")
        page.fill("[name=lien_on]", "2019-04-27")
        page.wait_for_timeout(1500)
        return [_once(page, CODES[number % 2]) for number in range(TIMES)]


def _once(page, code: str) -> float:  # type: ignore[no-untyped-def]  (of playwright, not always there)
    field, points = page.locator("[name=conjoint_postal_code]"), page.locator("[data-iprof-points]")
    field.fill(code[:4])
    page.wait_for_timeout(900)
    before, began = points.inner_html(), time.perf_counter()
    field.press_sequentially(code[4])
    page.wait_for_function(CHANGED, arg=before)
    return (time.perf_counter() - began) * 1000
