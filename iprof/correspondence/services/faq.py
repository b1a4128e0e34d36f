"""The help written: the articles shipped with the portal, those of the académie, and the count of what finds nothing."""

import datetime as dt
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import AppConfig
from django.apps import apps as registry
from django.conf import settings
from django.core.cache import cache as shared
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import RedisError

from iprof.correspondence.models import EmptySearch, HelpArticle
from iprof.correspondence.rich_text import clean, plain
from iprof.kernel.errors import DomainError
from iprof.kernel.text import sort_key
from security.enums import AccessKind
from security.journal import record
from security.models import User

DATA = Path(__file__).resolve().parent.parent / "data" / "faq.yaml"
PAGE = re.compile(r'"page:([a-z_:]+)"')
KEPT_DAYS = 90
IN_VAIN = "aide:sans-reponse"
HOUR, TEXTS_AN_HOUR, LETTERS = 3600, 200, 80
FOUNDED = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)  # of an article the portal has shipped from the start
FIELDS = ("kind", "category", "question", "answer", "plain", "keywords", "position", "from_portal")

log = logging.getLogger(__name__)


def sync_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate; nothing to do when the migrations stop before the table is made (`flush` gives no apps)."""
    known = "helparticle" in kwargs.get("apps", registry).all_models["correspondence"]
    if sender.label == "correspondence" and known:
        sync_shipped(using=using)


@transaction.atomic
def sync_shipped(*, using: str = DEFAULT_DB_ALIAS) -> int:
    """Writes the shipped articles by code and removes those no longer shipped. How many there are.

    One hidden stays hidden; an article of the académie that has the same address stays as the académie wrote it.
    """
    rows = HelpArticle.objects.using(using)
    taken = set(rows.filter(from_portal=False).values_list("code", flat=True))
    wanted = [article for article in shipped() if article.code not in taken]
    rows.filter(from_portal=True).exclude(code__in=[article.code for article in wanted]).delete()
    rows.bulk_create(wanted, update_conflicts=True, unique_fields=["code"], update_fields=FIELDS)
    return len(wanted)


def shipped() -> list[HelpArticle]:
    """The articles of data/faq.yaml, not saved. NoReverseMatch for a page that does not exist."""
    return [_shipped(position, dict(values)) for position, values in enumerate(_entries())]


@cache
def _entries() -> list[dict[str, str]]:
    entries: list[dict[str, str]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return entries


def _shipped(position: int, values: dict[str, str]) -> HelpArticle:
    names = {
        "support": settings.SUPPORT_CONTACT, "official": settings.OFFICIAL_ADDRESS, "dpo": settings.DPO_EMAIL,
        "portal": settings.PORTAL_NAME, "training": settings.TRAINING_LABEL, "siae": settings.SIAE_LABEL,
    }  # fmt: skip
    text = {name: value.format_map(names) for name, value in values.items()}
    answer = clean(PAGE.sub(lambda found: f'"{reverse(found[1])}"', text.pop("answer")))
    return HelpArticle(
        **text, answer=answer, plain=plain_words(answer), position=position, from_portal=True, updated_on=FOUNDED
    )


def plain_words(answer: str) -> str:
    """The words of an answer, without the addresses behind its links: nobody searches for those."""
    return plain(re.sub(r"</?a\b[^>]*>", "", answer))


def save_article(*, article: HelpArticle, by: User) -> HelpArticle:
    """Writes an article of the académie, or hides a shipped one. Raises DomainError("help_empty").

    To be called in a transaction.
    """
    article.answer = clean(article.answer)
    article.plain = plain_words(article.answer)
    if not article.plain:
        raise DomainError("help_empty")
    article.updated_on, article.updated_by = timezone.now(), by
    article.save()
    record(AccessKind.HELP_MANAGED, actor=by, article=article.code)
    return article


def note_empty_search(text: str) -> None:
    """Counts a search that found nothing, in the cache: the page, a GET, writes nothing; `keep_empty_searches` does.

    Left out: what holds a digit or an « @ » (a NUMEN, a telephone, an address are nobody's business), and what comes once
    there are many. Two searches at the very same instant may count for one. Without the cache nothing is counted.
    """
    key = sort_key(text)[:LETTERS]
    if not key or "@" in text or re.search(r"\d", key):
        return
    try:
        counts = shared.get(IN_VAIN) or {}
        if key in counts or len(counts) < TEXTS_AN_HOUR:
            shared.set(IN_VAIN, counts | {key: counts.get(key, 0) + 1}, 2 * HOUR)
    except RedisError:
        log.warning("cache out of reach: a search in vain is not counted")


@transaction.atomic
def keep_empty_searches(*, on: dt.date) -> int:
    """Each hour: the counts of the cache go to the table, the days past KEPT_DAYS away. Returns how many texts came in."""
    EmptySearch.objects.filter(day__lte=on - dt.timedelta(days=KEPT_DAYS)).delete()
    counts: dict[str, int] = shared.get(IN_VAIN) or {}
    shared.delete(IN_VAIN)
    for text, times in counts.items():
        row, made = EmptySearch.objects.get_or_create(text=text, day=on, defaults={"times": times})
        if not made:
            EmptySearch.objects.filter(pk=row.pk).update(times=F("times") + times)
    return len(counts)
