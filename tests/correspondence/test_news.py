"""« Actualités »: written, published from a day on, new until the reader says so, told once a week, in a feed (S73, S72)."""

import datetime as dt
import uuid
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import pytest
import time_machine
from celery.schedules import crontab
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from iprof.correspondence import tasks
from iprof.correspondence.enums import NewsState, Pace
from iprof.correspondence.models import Alert, AlertChoice, NewsItem, NewsMark, NewsWeek
from iprof.correspondence.selectors.news import by_week, home_news, since_visit
from iprof.correspondence.services.news import (
    mark_news_seen,
    publish_news,
    review_news,
    save_news,
    take_down_news,
    tell_the_week,
)
from iprof.kernel.errors import DomainError
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import AT, NewsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S73")]
URL = "/actualites/"
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def reader(client):
    user = UserFactory(username="lectrice")
    client.force_login(user)
    return user


def code_of(call, **arguments) -> str:
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    return caught.value.code


def test_the_way_of_an_item_is_held_and_journalled():
    author, other = UserFactory(username="auteur"), UserFactory(username="relectrice")
    item = save_news(item=NewsFactory.build(edited_by=None, state=NewsState.DRAFT), by=author)
    assert code_of(take_down_news, item=item, by=author) == "news_not_published"
    assert code_of(review_news, item=item, by=author) == "news_own"
    assert review_news(item=item, by=other).reviewed_by == other
    assert publish_news(item=item, by=author).state == NewsState.PUBLISHED
    assert code_of(publish_news, item=item, by=author) == "news_published"
    assert take_down_news(item=item, by=other).state == NewsState.TAKEN_DOWN
    acts = AccessEvent.objects.filter(kind="actualite.gestion").order_by("pk").values_list("actor", "detail__act")
    assert list(acts) == [(other.pk, "relecture"), (author.pk, "publication"), (other.pk, "retrait")]


def test_a_change_asks_for_another_reading_and_leaves_the_item_published():
    item = NewsFactory(reviewed_by=UserFactory(username="relectrice"))
    saved = save_news(item=item, by=item.edited_by)
    assert (saved.reviewed_by, saved.state, saved.edited_at) == (None, NewsState.PUBLISHED, NOW)


def test_nothing_is_dated_back():
    """« Nouveau depuis votre visite » would pass over it."""
    early = publish_news(item=NewsFactory(state=NewsState.DRAFT), by=UserFactory(username="auteur"))
    later = publish_news(item=NewsFactory(state=NewsState.DRAFT, published_from=NOW + DAY), by=early.edited_by)
    assert (early.published_from, later.published_from) == (NOW, NOW + DAY)


def test_what_is_over_is_not_published():
    item = NewsFactory(state=NewsState.DRAFT, published_until=NOW)
    assert code_of(publish_news, item=item, by=item.edited_by) == "news_over"


@pytest.mark.parametrize("change", [{"published_until": AT}, {"reviewed_by": "author"}])
def test_the_database_refuses_what_the_rules_refuse(change):
    item = NewsFactory()
    values = {"author": item.edited_by}
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsItem.objects.filter(pk=item.pk).update(**{k: values.get(v, v) for k, v in change.items()})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Un.\n\nDeux & <trois>.", "<p>Un.</p><p>Deux &amp; &lt;trois&gt;.</p>"),
        ("<p onclick='x()'>Un <script>alert(1)</script><b>deux</b></p>", "<p>Un <strong>deux</strong></p>"),
        ('<p><a href="javascript:x()">ici</a></p>', '<p><a rel="noopener">ici</a></p>'),
    ],
)
def test_the_text_is_cleaned_when_saved(typed, kept):
    assert save_news(item=NewsFactory.build(edited_by=None, body=typed), by=UserFactory()).body == kept


def test_a_text_that_cleaning_empties_is_refused():
    item = NewsFactory.build(edited_by=None, body="<p><script>alert(1)</script></p>")
    assert code_of(save_news, item=item, by=UserFactory()) == "news_empty"


def test_visitors_read_what_is_shown_now_and_nothing_else(client):
    shown = NewsFactory(departement="51")
    hidden = [
        NewsFactory(title="Masquée 1", state=NewsState.DRAFT),
        NewsFactory(title="Masquée 2", state=NewsState.TAKEN_DOWN),
        NewsFactory(title="Masquée 3", published_from=NOW + DAY),
        NewsFactory(title="Masquée 4", published_until=NOW),
    ]
    text = words(client.get(URL))
    assert "2 novembre 2026 · Mobilité · Marne Les vœux se saisissent jusqu'au 9 décembre." in text
    assert "Masquée" not in text
    assert "Nouveau" not in text
    assert "depuis" not in text
    assert "Le serveur est ouvert." in words(client.get(shown.get_absolute_url()))
    for item in hidden:
        assert client.get(item.get_absolute_url()).status_code == 404
    feed = client.get(f"{URL}atom.xml").content.decode()
    assert shown.title in feed
    assert "Masquée" not in feed


def test_items_are_grouped_by_week(client):
    for days in (0, 1, 2, 8, 9):
        NewsFactory(published_from=NOW - days * DAY, title=f"Il y a {days} jours")
    text = words(client.get(URL))
    places = [
        text.index(part)
        for part in (
            "Cette semaine", "Il y a 0", "Il y a 1", "La semaine dernière", "Il y a 2", "Il y a 8",
            "La semaine du 9 novembre 2026", "Il y a 9",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_a_week_begins_on_monday_midnight_in_paris():
    sunday = NewsFactory(published_from=dt.datetime(2026, 11, 22, 22, 59, tzinfo=dt.UTC))
    monday = NewsFactory(published_from=dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC))
    weeks = by_week([monday, sunday], on=dt.date(2026, 11, 24))
    assert [(week.label, week.items) for week in weeks] == [
        ("Cette semaine", (monday,)),
        ("La semaine dernière", (sunday,)),
    ]


def test_items_stay_new_until_the_reader_says_so(client, reader, clock):
    NewsFactory(published_from=NOW - 40 * DAY, title="Ancienne")
    item = NewsFactory(published_from=NOW - DAY)
    text = words(client.get(URL))
    assert "1 nouvelle actualité depuis trente jours." in text
    assert text.count("Nouveau ") == 1
    client.get(URL)
    client.get(item.get_absolute_url())
    assert since_visit(reader, NOW).unseen == 1
    response = client.post(f"{URL}vu/", {"derniere": item.public_id}, follow=True)
    assert "Rien de nouveau depuis votre visite du 24 novembre 2026." in words(response)
    clock.move_to(NOW + 7 * DAY)
    NewsFactory(published_from=NOW + DAY)
    NewsFactory(published_from=NOW + 2 * DAY)
    client.force_login(reader)
    assert "2 nouvelles actualités depuis votre visite du 24 novembre 2026." in words(client.get(URL))
    assert since_visit(UserFactory(username="autre"), NOW + 7 * DAY).visit is None


def test_what_appears_while_the_page_is_read_stays_new(client, reader):
    shown = NewsFactory(published_from=NOW - DAY)
    NewsFactory(published_from=NOW)
    client.post(f"{URL}vu/", {"derniere": shown.public_id})
    assert since_visit(reader, NOW).unseen == 1


def test_a_mark_never_goes_back(reader):
    newest, older = NewsFactory(published_from=NOW - DAY), NewsFactory(published_from=NOW - 2 * DAY)
    assert mark_news_seen(by=reader, newest=newest.public_id)
    assert mark_news_seen(by=reader, newest=older.public_id)
    assert NewsMark.objects.get().seen_until == newest.published_from


def test_the_mark_reads_the_alert_of_the_week_and_no_other(reader, django_capture_on_commit_callbacks):
    item = NewsFactory(published_from=NOW - 3 * DAY)
    assert tell_the_week(now=NOW) == 2
    mark_news_seen(by=reader, newest=item.public_id)
    read = dict(Alert.objects.values_list("user__username", "read_at"))
    assert read == {"lectrice": NOW, "redactrice": None}


@pytest.mark.parametrize("value", ["", "x", str(uuid.UUID(int=1)), "9" * 99, "\x00"])
def test_a_mark_on_nothing_is_refused(client, reader, value):
    NewsFactory(state=NewsState.DRAFT)
    assert client.post(f"{URL}vu/", {"derniere": value}).status_code == 404
    assert not NewsMark.objects.exists()


def test_a_category_filters_and_a_wrong_one_is_told(client):
    NewsFactory()
    NewsFactory(title="Stages ouverts", category="formation")
    assert "Ouverture du serveur" not in words(client.get(URL, {"rubrique": "formation"}))
    assert "Aucune actualité dans cette rubrique" in words(client.get(URL, {"rubrique": "paie"}))
    response = client.get(URL, {"rubrique": "x\x00"})
    assert response.status_code == 400
    assert "Cette rubrique n'existe pas." in words(response)
    assert "Stages ouverts" in words(response)


def test_an_empty_page_says_what_will_come(client):
    assert "Aucune actualité n'est publiée pour le moment." in words(client.get(URL))


@pytest.mark.req("S72")
def test_the_page_reminds_that_a_late_correction_delays(client):
    text = words(client.get(URL))
    assert "À savoir Un dossier complet renforce votre barème." in text
    assert "Une rectification de dernière minute, même acceptée, retarde l'examen de votre dossier." in text


@pytest.mark.parametrize("n", [1, 12])
def test_the_pages_hold_their_queries(client, reader, django_assert_num_queries, n):
    items = NewsFactory.create_batch(n, published_from=NOW - DAY)
    with django_assert_num_queries(6):  # session, user, count, page, mark, unseen
        client.get(URL)
    with django_assert_num_queries(3):  # session, user, item
        client.get(items[0].get_absolute_url())
    with django_assert_num_queries(1):
        found = home_news(reader, NOW)
    assert (len(found.items), found.unseen) == (min(n, 3), n)
    client.logout()
    with django_assert_num_queries(1):
        client.get(f"{URL}atom.xml")


def test_the_home_page_shows_the_newest_three_and_counts_the_unseen(client, reader):
    assert "Actualités" not in words(client.get("/"))
    items = [NewsFactory(published_from=NOW - n * DAY, title=f"Numéro {n}") for n in range(5)]
    mark_news_seen(by=reader, newest=items[2].public_id)
    text = words(client.get("/"))
    assert "Actualités 2 nouvelles Nouveau Numéro 0" in text
    assert "Numéro 2" in text
    assert "Numéro 3" not in text
    assert "À savoir" in text


ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_atom_public_and_names_nobody(client):
    """What RFC 4287 asks of a feed and of its entries: ids, titles, updates, an author, a link to itself."""
    item = NewsFactory(body="<p>L'objet &amp; <strong>la date</strong>.</p>", title="Un <titre>", edited_at=NOW)
    NewsFactory(published_from=AT - DAY, departement="08")
    response = client.get(f"{URL}atom.xml")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.content)  # noqa: S314  (our own feed)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == settings.BASE_URL + reverse("correspondence:news_feed")
    assert root.find(f"{ATOM}author/{ATOM}name").text == f"Académie de {settings.ACADEMIE}"
    for part in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert part.find(f"{ATOM}{name}").text
        assert dt.datetime.fromisoformat(part.find(f"{ATOM}updated").text).tzinfo
    first, second = root.findall(f"{ATOM}entry")
    assert first.find(f"{ATOM}id").text == f"urn:uuid:{item.public_id}"
    assert first.find(f"{ATOM}title").text == "Un ‹titre›"
    assert first.find(f"{ATOM}updated").text == "2026-11-24T09:00:00+00:00"
    assert first.find(f"{ATOM}summary").text.endswith("L'objet & la date.")
    assert [one.get("term") for one in second.findall(f"{ATOM}category")] == ["Mobilité", "Ardennes"]
    assert client.get(urlsplit(first.find(f"{ATOM}link").get("href")).path).status_code == 200
    for secret in (item.edited_by.get_full_name(), item.edited_by.username):
        assert secret not in response.content.decode()


MONDAY = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)  # 7:00 in Paris


@pytest.fixture
def weekly():
    UserFactory(username="lecteur")
    UserFactory(username="ferme", is_active=False)
    UserFactory(username="attend", waiting=True)
    refuses = UserFactory(username="refuse")
    AlertChoice.objects.create(user=refuses, family="actualite", pace=Pace.NEVER)
    chose = UserFactory(username="choisit")
    AlertChoice.objects.create(user=chose, family="actualite", pace=Pace.WEEKLY)


@pytest.mark.usefixtures("weekly")
def test_the_week_is_told_once_to_whoever_wants_it(django_capture_on_commit_callbacks, settings):
    settings.BASE_URL = "https://portail.example"
    NewsFactory(title="Une", published_from=MONDAY - DAY)
    NewsFactory(title="Deux <b>", published_from=MONDAY - 2 * DAY)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            tell_the_week(now=MONDAY)
    told = Alert.objects.filter(kind="actualite.semaine", cause="actualites:2026-W48", pace=Pace.NOW)
    assert sorted(told.values_list("user__username", flat=True)) == ["choisit", "lecteur", "redactrice"]
    assert {alert.link for alert in told} == {URL}
    assert (told[0].subject, "Une\nLes vœux" in told[0].text) == ("2 actualités cette semaine", True)
    assert len(mail.outbox) == 3
    told_html = told[0].mailing.html
    assert f'<a href="https://portail.example{URL}' in told_html
    assert "Deux &lt;b&gt;</a></h3><p>Les vœux" in told_html
    assert list(NewsWeek.objects.values_list("week", "items", "people")) == [("2026-W48", 2, 3)]


@pytest.mark.parametrize(
    "item",
    [
        {"published_from": MONDAY},  # next Monday's
        {"published_from": MONDAY - 7 * DAY - dt.timedelta(minutes=1)},  # last Monday's
        {"published_from": MONDAY - DAY, "state": NewsState.DRAFT},
        {"published_from": MONDAY - DAY, "published_until": MONDAY - dt.timedelta(hours=1)},
    ],
)
def test_a_week_without_news_sends_no_mail(item):
    NewsFactory(**item)
    assert tell_the_week(now=MONDAY) == 0
    assert not Alert.objects.exists()
    assert not NewsWeek.objects.exists()


def test_a_monday_that_has_not_come_to_seven_tells_nothing():
    NewsFactory(published_from=MONDAY - DAY)
    assert tell_the_week(now=MONDAY - dt.timedelta(minutes=1)) == 0


def test_no_item_falls_between_two_weeks_when_the_clock_changes(clock):
    """The last Sunday of October has 25 hours: the seven days before that Monday begin at the same hour on the clock."""
    monday = dt.datetime(2026, 10, 26, 6, tzinfo=dt.UTC)
    clock.move_to(monday)
    NewsFactory(published_from=dt.datetime(2026, 10, 19, 5, tzinfo=dt.UTC))
    assert tell_the_week(now=monday) == 1


def test_the_task_runs_each_monday_from_seven_to_noon_in_paris(clock):
    entry = settings.CELERY_BEAT_SCHEDULE["tell-the-week"]
    assert entry["task"] == tasks.tell_the_week.name
    assert entry["schedule"] == crontab(day_of_week=1, hour="7-12", minute=0)
    assert settings.CELERY_TIMEZONE == "Europe/Paris"
    clock.move_to(MONDAY)
    NewsFactory(published_from=MONDAY - DAY)
    tasks.tell_the_week()
    assert Alert.objects.filter(kind="actualite.semaine").count() == 1


def test_a_crash_leaves_nothing_half_told(monkeypatch):
    NewsFactory(published_from=MONDAY - DAY)

    def crash(**values):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("iprof.correspondence.services.news.send_mailing", crash)
        with pytest.raises(RuntimeError):
            tell_the_week(now=MONDAY)
    assert not NewsWeek.objects.exists()
    assert tell_the_week(now=MONDAY) == 1
