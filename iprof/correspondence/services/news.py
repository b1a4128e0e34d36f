"""A news item from its draft to the page and back, what each person has seen, and the mail of the week (S73)."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join

from iprof.correspondence.enums import NewsState, Pace
from iprof.correspondence.models import Alert, AlertChoice, NewsItem, NewsMark, NewsWeek
from iprof.correspondence.rich_text import clean, plain
from iprof.correspondence.selectors.news import news_of_week
from iprof.correspondence.services.alerts import new_mailing, send_mailing
from iprof.correspondence.weeks import monday, week_code
from iprof.kernel.errors import DomainError
from security.enums import AccessKind
from security.journal import record
from security.models import User

WEEKLY_KIND = "actualite.semaine"
WEEKLY_HOUR = dt.time(7)  # Europe/Paris, on Mondays


def save_news(*, item: NewsItem, by: User) -> NewsItem:
    """Writes an item, its text cleaned; whoever re-read it before has not re-read this. Raises DomainError("news_empty").

    To be called in a transaction. A published item stays published: its readers see when it changed.
    """
    item.body = clean(item.body)
    if not plain(item.body):
        raise DomainError("news_empty")
    item.edited_by, item.edited_at, item.reviewed_by = by, timezone.now(), None
    item.save()
    return item


@transaction.atomic
def review_news(*, item: NewsItem, by: User) -> NewsItem:
    """Another person has re-read it. Raises DomainError("news_own")."""
    locked = _lock(item)
    if locked.edited_by_id == by.pk:
        raise DomainError("news_own")
    locked.reviewed_by = by
    locked.save(update_fields=["reviewed_by"])
    _journal(locked, by, "relecture")
    return locked


@transaction.atomic
def publish_news(*, item: NewsItem, by: User) -> NewsItem:
    """Shows an item, from now or from its own later date. Raises DomainError("news_published" | "news_over")."""
    locked, now = _lock(item), timezone.now()
    if locked.state == NewsState.PUBLISHED:
        raise DomainError("news_published")
    if locked.published_until is not None and locked.published_until <= now:
        raise DomainError("news_over")
    locked.state, locked.published_from = NewsState.PUBLISHED, max(locked.published_from, now)
    locked.save(update_fields=["state", "published_from"])
    _journal(locked, by, "publication")
    return locked


@transaction.atomic
def take_down_news(*, item: NewsItem, by: User) -> NewsItem:
    """Its address answers 404 from now on. Raises DomainError("news_not_published")."""
    locked = _lock(item)
    if locked.state != NewsState.PUBLISHED:
        raise DomainError("news_not_published")
    locked.state = NewsState.TAKEN_DOWN
    locked.save(update_fields=["state"])
    _journal(locked, by, "retrait")
    return locked


@transaction.atomic
def mark_news_seen(*, by: User, newest: UUID) -> bool:
    """One's own mark: everything up to the item `newest`, the first of the page shown, is seen.

    By a button and not by the mere opening of the page, since a GET writes nothing; named by the item, so that what
    appeared meanwhile stays new. A mark never goes back. False when `newest` is not shown now.
    """
    now = timezone.now()
    item = NewsItem.objects.shown(now).filter(public_id=newest).first()
    if item is None:
        return False
    values = {"seen_until": item.published_from, "visited_at": now}
    mark, made = NewsMark.objects.select_for_update(of=("self",)).get_or_create(user_id=by.pk, defaults=values)
    if not made:
        mark.seen_until, mark.visited_at = max(mark.seen_until, item.published_from), now
        mark.save()
    Alert.objects.filter(user_id=by.pk, kind=WEEKLY_KIND, read_at__isnull=True).update(read_at=now)
    return True


@transaction.atomic
def tell_the_week(*, now: dt.datetime) -> int:
    """The mail of the week `now` is in, once: how many were written, 0 when nothing was published or it was told.

    It tells what appeared from Monday to Monday at WEEKLY_HOUR. Written for every open account but those that asked for
    no mail; it leaves at once, being the weekly mail itself. One transaction: a crash leaves nothing, a second run redoes.
    """
    today = timezone.localtime(now).date()
    until = timezone.make_aware(dt.datetime.combine(monday(today), WEEKLY_HOUR))
    items = news_of_week(until) if until <= now else []
    if not items:
        return 0
    week, made = NewsWeek.objects.get_or_create(week=week_code(today), defaults={"items": len(items)})
    if not made:
        return 0
    mailing = new_mailing(
        subject=_subject(items), text=_text(items), html=_html(items), link=reverse("correspondence:news_list")
    )
    week.people = send_mailing(
        mailing=mailing, users=_readers(), kind=WEEKLY_KIND, cause=f"actualites:{week.week}", pace=Pace.NOW
    )
    week.save(update_fields=["people"])
    return week.people


def _readers() -> list[int]:
    """Ids of the accounts that were opened once and take the mail of the week."""
    refused = AlertChoice.objects.filter(family=WEEKLY_KIND.partition(".")[0], pace=Pace.NEVER).values("user_id")
    users = User.objects.filter(is_active=True, activated_at__isnull=False).exclude(pk__in=refused)
    return list(users.order_by("pk").values_list("pk", flat=True))


def _subject(items: list[NewsItem]) -> str:
    return (
        f"Actualités de la semaine : {items[0].title}" if len(items) == 1 else f"{len(items)} actualités cette semaine"
    )


def _text(items: list[NewsItem]) -> str:
    return "\n\n".join(f"{item.title}\n{item.summary}" for item in items)


def _html(items: list[NewsItem]) -> str:
    """The same as `_text`, each title leading to its page."""
    link = '<h3><a href="{}">{}</a></h3><p>{}</p>'
    rows = ((settings.BASE_URL + item.get_absolute_url(), item.title, item.summary) for item in items)
    return clean(format_html_join("", link, rows))


def _lock(item: NewsItem) -> NewsItem:
    return NewsItem.objects.select_for_update(of=("self",)).get(pk=item.pk)


def _journal(item: NewsItem, by: User, act: str) -> None:
    record(AccessKind.NEWS_MANAGED, actor=by, news=str(item.public_id), act=act)
