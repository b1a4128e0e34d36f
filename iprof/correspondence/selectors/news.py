"""Reads of the news: what is shown now, what is new for a person, what the mail of a week tells."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import DateTimeField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from iprof.correspondence.enums import NewsState
from iprof.correspondence.models import NewsItem, NewsMark
from iprof.correspondence.weeks import monday, week_label
from security.models import User

ON_HOME = 3
FIRST_VISIT = dt.timedelta(days=30)  # whoever never marked anything as seen: no older item is called new


@dataclass(frozen=True, slots=True)
class HomeNews:
    """The newest items for the home page (`is_new` on each) and how many in all the reader has not seen."""

    items: tuple[NewsItem, ...]
    unseen: int

    @property
    def unseen_label(self) -> str:
        return f"{self.unseen} nouvelle{'s' if self.unseen > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Week:
    """The items of one week of a page, newest first."""

    label: str
    items: tuple[NewsItem, ...]


@dataclass(frozen=True, slots=True)
class SinceVisit:
    """How many items are new, and the day of the visit they are counted from; None for whoever never marked any."""

    unseen: int
    visit: dt.date | None


def shown_news(user: User | AnonymousUser, now: dt.datetime, *, category: str = "") -> QuerySet[NewsItem]:
    """Newest first, with `is_new` for `user`; never for a visitor, of whom nothing is known."""
    rows: QuerySet[NewsItem] = NewsItem.objects.shown(now)
    if category:
        rows = rows.filter(category=category)
    if not user.is_authenticated:
        return rows.annotate(is_new=Value(False))
    return rows.annotate(is_new=Q(published_from__gt=_seen_until(user, now)))


def since_visit(user: User, now: dt.datetime) -> SinceVisit:
    """Two queries."""
    mark = NewsMark.objects.filter(user_id=user.pk).first()
    since = mark.seen_until if mark else now - FIRST_VISIT
    unseen = NewsItem.objects.shown(now).filter(published_from__gt=since).count()
    return SinceVisit(unseen, timezone.localtime(mark.visited_at).date() if mark else None)


# Written by hand, as the calendar's: the home page reads it each time.
HOME = """
WITH mark AS (
  SELECT coalesce((SELECT seen_until FROM correspondence_newsmark WHERE user_id = %(user)s), %(first)s) AS seen_until
)
SELECT n.id, n.public_id, n.title, n.category, n.departement, n.published_from,
       n.published_from > mark.seen_until AS is_new,
       count(*) FILTER (WHERE n.published_from > mark.seen_until) OVER () AS unseen
  FROM correspondence_newsitem n, mark
 WHERE n.state = %(published)s AND n.published_from <= %(now)s
   AND (n.published_until IS NULL OR n.published_until > %(now)s)
 ORDER BY n.published_from DESC, n.id DESC LIMIT %(limit)s
"""


def home_news(user: User, now: dt.datetime) -> HomeNews:
    """One query."""
    asked = {
        "user": user.pk,
        "first": now - FIRST_VISIT,
        "now": now,
        "published": NewsState.PUBLISHED,
        "limit": ON_HOME,
    }
    items = tuple(NewsItem.objects.raw(HOME, asked))
    return HomeNews(items, items[0].unseen if items else 0)  # type: ignore[attr-defined]  # told by the query


def by_week(items: Any, *, on: dt.date) -> tuple[Week, ...]:
    """Rows newest first, grouped by the week they appeared in."""
    found = groupby(items, key=lambda item: monday(_day(item)))
    return tuple(Week(week_label(first, on=on), tuple(rows)) for first, rows in found)


def news_of_week(until: dt.datetime) -> list[NewsItem]:
    """What appeared in the seven days before `until` (a wall-clock Monday) and is still shown then."""
    since = _week_before(until)
    return list(NewsItem.objects.shown(until).filter(published_from__gte=since, published_from__lt=until))


def _week_before(until: dt.datetime) -> dt.datetime:
    """The same hour on the clock seven days before, whatever the change of hour in between."""
    local = timezone.localtime(until)
    return timezone.make_aware(local.replace(tzinfo=None) - dt.timedelta(days=7))


def _day(item: NewsItem) -> dt.date:
    return timezone.localtime(item.published_from).date()


def _seen_until(user: User, now: dt.datetime) -> Coalesce:
    mark = NewsMark.objects.filter(user_id=user.pk).values("seen_until")[:1]
    return Coalesce(Subquery(mark), Value(now - FIRST_VISIT), output_field=DateTimeField())
