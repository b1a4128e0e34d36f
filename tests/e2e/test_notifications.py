"""« Réglages des alertes » in a browser: rhythms without script, a device allowed with it, the notification that leads back."""

import json

import pytest

from iprof.correspondence.models import AlertChoice, PushSubscription
from iprof.correspondence.outbox.vapid import public_key
from iprof.correspondence.services.alerts import send_alert
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import PushSubscriptionFactory, browser

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
    pytest.mark.req("S57", "E23"),
]
# The push service of the browser cannot be reached from a test: what it would have answered.
SUBSCRIBED = """
PushManager.prototype.subscribe = function (options) {
  window.subscribedWith = btoa(String.fromCharCode.apply(null, new Uint8Array(options.applicationServerKey)));
  return Promise.resolve({ toJSON: function () { return %s; } });
};
Notification.requestPermission = function () { return Promise.resolve("%s"); };
"""
REFUSED = """
PushManager.prototype.subscribe = function () { return Promise.reject(new DOMException("no", "AbortError")); };
Notification.requestPermission = function () { return Promise.resolve("granted"); };
"""
PAGE = "/alertes/reglages/"
BUTTON = "Recevoir les notifications sur cet appareil"


@pytest.fixture
def person():
    return UserFactory(username="zlefevre")


def opened(live_server, open_page, person, answers: str = "", **how):
    page = open_page(**how)
    if answers:
        page.add_init_script(answers)
    sign_in(page, live_server.url, person)
    page.goto(live_server.url + PAGE)
    return page


def pace(page):
    return page.get_by_role("group", name="Rappels d'échéance").get_by_label("Courriel")


def told(keys: dict[str, str]) -> str:
    return json.dumps({"endpoint": keys["endpoint"], "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}})


def test_rhythms_are_chosen_without_script(live_server, open_page, person):
    page = opened(live_server, open_page, person, script=False)
    pace(page).select_option("jour")
    page.locator("label[for=id_notification_carriere]").click()
    assert not page.get_by_role("button", name=BUTTON).is_visible()
    assert page.get_by_text("il faut que JavaScript soit permis").is_visible()
    page.get_by_role("button", name="Enregistrer les réglages").click()
    assert page.get_by_text("Vos réglages sont enregistrés").is_visible()
    assert pace(page).input_value() == "jour"
    assert {(c.family, c.pace, c.push) for c in AlertChoice.objects.all()} == {
        ("echeance", "jour", True),
        ("carriere", "immediat", False),
    }


def test_a_device_is_allowed_listed_and_removed(live_server, open_page, person):
    keys = browser()
    page = opened(live_server, open_page, person, SUBSCRIBED % (told(keys), "granted"))
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_text("Les alertes s'annonceront sur cet appareil").wait_for()
    device = PushSubscription.objects.get()
    assert (device.user, device.endpoint, device.p256dh, device.auth) == (person, *keys.values())
    assert page.get_by_text("aucune notification pour l'instant").is_visible()
    page.get_by_role("button", name=f"Retirer {device.label}").click()
    assert page.get_by_text("L'appareil est retiré").is_visible()
    assert not PushSubscription.objects.exists()


def test_the_browser_subscribes_with_the_key_of_the_portal(live_server, open_page, person):
    script = SUBSCRIBED % (told(browser()), "granted")
    page = opened(live_server, open_page, person, script + "HTMLFormElement.prototype.submit = function () {};")
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_function("() => window.subscribedWith")
    given = page.evaluate("window.subscribedWith").replace("+", "-").replace("/", "_").rstrip("=")
    assert given == public_key()


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (SUBSCRIBED % ("null", "denied"), "Le navigateur refuse les notifications de ce site"),
        (SUBSCRIBED % ("null", "default"), "Le navigateur refuse les notifications de ce site"),
        (REFUSED, "Le service de notification du navigateur ne répond pas"),
        (SUBSCRIBED % ("null", "granted"), "Ce navigateur n'a pas pu activer les notifications"),
    ],
    ids=["denied", "dismissed", "no service", "odd answer"],
)
def test_a_refusal_of_the_browser_is_said_and_can_be_mended(live_server, open_page, person, script, sentence):
    page = opened(live_server, open_page, person, script)
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_text(sentence).wait_for()
    assert page.get_by_role("button", name=BUTTON).is_enabled()
    assert not PushSubscription.objects.exists()


@pytest.mark.req("D14")
def test_the_service_worker_runs_under_the_policy_shows_the_words_and_leads_to_the_alerts(
    live_server, open_page, person
):
    """A real worker in Chromium; the browser hands it what it decrypted, as a push service would make it do."""
    send_alert(user=person, kind="carriere.essai", subject="Secret", body="Secret.")
    page = opened(live_server, open_page, person)
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    browser_session = page.context.new_cdp_session(page)
    found: list[dict] = []
    browser_session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    browser_session.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.register('/sw.js', {scope: '/'}).then(() => navigator.serviceWorker.ready)")
    page.wait_for_function("() => navigator.serviceWorker.getRegistration().then(one => one && one.active)")
    while not found:
        page.wait_for_timeout(50)
    payload = {"title": "Une nouvelle alerte vous attend", "link": "/alertes/"}
    browser_session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": live_server.url, "registrationId": found[0]["registrationId"], "data": json.dumps(payload)},
    )
    shown = page.wait_for_function(
        """() => navigator.serviceWorker.getRegistration().then(one => one.getNotifications())
              .then(all => all.length && all.map(n => [n.title, n.body, n.tag, n.data.link]))"""
    ).json_value()
    assert shown == [["Une nouvelle alerte vous attend", "Ouvrez le portail pour la lire.", "alertes", "/alertes/"]]


@pytest.mark.req("E22")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_the_page_with_devices_passes_axe(live_server, open_page, person, scheme, width):
    for _ in range(2):
        PushSubscriptionFactory(user=person)
    page = opened(live_server, open_page, person, scheme=scheme, width=width)
    check(page, f"reglages-{width}-{scheme}")
    pace(page).evaluate("select => select.options[1].value = 'x'")
    pace(page).select_option("x")
    page.get_by_role("button", name="Enregistrer les réglages").click()
    check(page, f"reglages-erreur-{width}-{scheme}")
