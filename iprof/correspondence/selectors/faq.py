"""Search of the help: PostgreSQL full text in French, accents ignored; a word nobody wrote is read as the nearest known.

Each word asked weighs by its rarity, and by where an article has it (question, keywords, answer). An answer is given when
it accounts for enough of what was asked, and is not far behind the best.
"""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from iprof.correspondence.enums import HelpCategory, HelpKind
from iprof.correspondence.models import HelpArticle
from iprof.correspondence.models.faq import SEARCH_CONFIG

LONGEST = 200
COVERED = 0.3  # part of the weight of the words asked that an answer must account for
BEHIND = 0.35  # part of the best score under which an answer is left out
NEAREST = 0.45  # trigram similarity from which a word unknown is read as another
NEAR_LETTERS = 4  # shorter words are not corrected: too many resemble them
OPEN, CLOSE = "\ue000", "\ue001"  # private characters around what is highlighted; taken out of what is asked
# What a question is wrapped in and tells nothing of it.
WRAPPING = frozenset(
    "bonjour bonsoir merci svp comment pourquoi puis peux peut pouvez pourriez voudrais veux vouloir savoir faire fait fais faut "
    "les est-ce quel quelle quels quelles combien quand quoi avoir suis etre ete chercher cherche trouver question aide".split()
)
SEARCH = """
WITH asked AS (
    SELECT lexeme FROM unnest(to_tsvector(%(config)s::regconfig, %(text)s))
), known AS MATERIALIZED (
    SELECT word, ndoc FROM ts_stat('SELECT vector FROM correspondence_helparticle WHERE published')
), total AS (
    SELECT count(*)::float AS n FROM correspondence_helparticle WHERE published
), meant AS (
    SELECT a.lexeme AS asked, k.word, 1::float AS trust, ln(1 + n / k.ndoc) AS rarity
      FROM asked a JOIN known k ON k.word = a.lexeme, total
    UNION ALL
    SELECT a.lexeme, near.word, near.alike, ln(1 + n / near.ndoc)
      FROM asked a, total, LATERAL (
           SELECT word, ndoc, similarity(word, a.lexeme) AS alike FROM known
            WHERE least(length(a.lexeme), length(word)) >= %(letters)s ORDER BY alike DESC, word LIMIT 1
      ) near
     WHERE near.alike >= %(nearest)s AND NOT EXISTS (SELECT 1 FROM known k WHERE k.word = a.lexeme)
), whole AS (
    SELECT sum(coalesce(m.rarity, ln(1 + n / 0.5))) AS weight
      FROM asked a LEFT JOIN meant m ON m.asked = a.lexeme, total
), scored AS (
    SELECT h.id, sum(m.rarity * m.trust) / max(w.weight) AS covered,
           sum(m.rarity * m.trust * (SELECT max(CASE one WHEN 'A' THEN 4 WHEN 'B' THEN 3 ELSE 1 END)
                                       FROM unnest(t.weights) one)) AS score
      FROM correspondence_helparticle h, unnest(h.vector) t JOIN meant m ON m.word = t.lexeme, whole w
     WHERE h.published
     GROUP BY h.id
)
SELECT h.id, ts_headline(%(config)s::regconfig, h.plain, q.query,
                         'MinWords=25, MaxWords=40, ShortWord=0, StartSel=' || %(open)s || ', StopSel=' || %(close)s)
  FROM scored s JOIN correspondence_helparticle h ON h.id = s.id,
       (SELECT string_agg(quote_literal(word), ' | ')::tsquery AS query FROM meant) q
 WHERE s.covered >= %(covered)s AND s.score >= %(behind)s * (SELECT max(score) FROM scored)
 ORDER BY s.score DESC, h.position, h.id
 LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An article that answers, and the part of it where the words are, marked. `excerpt` is safe HTML."""

    article: HelpArticle
    excerpt: SafeString


@dataclass(frozen=True, slots=True)
class Shelf:
    """The published articles of one category."""

    label: str
    articles: tuple[HelpArticle, ...]


def search(text: str, limit: int = 10) -> tuple[Found, ...]:
    """The published articles that answer, the best first. Two queries. Any text does; only its first LONGEST count."""
    values: dict[str, Any] = {
        "text": words_of(text), "limit": limit, "config": SEARCH_CONFIG, "covered": COVERED, "behind": BEHIND,
        "nearest": NEAREST, "letters": NEAR_LETTERS, "open": OPEN, "close": CLOSE,
    }  # fmt: skip
    if not values["text"]:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(SEARCH, values)
        rows = cursor.fetchall()
    articles = HelpArticle.objects.defer("vector", "answer").in_bulk([pk for pk, _ in rows])
    return tuple(Found(articles[pk], _marked(excerpt, articles[pk].plain)) for pk, excerpt in rows if pk in articles)


def words_of(text: str) -> str:
    """What is searched in what was typed: its words, without those that wrap any question.

    >>> words_of("Bonjour, comment faire pour changer\\x00 de mot de passe ?")
    'pour changer de mot de passe'
    """
    found = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text[:LONGEST].replace("\x00", " "))
    return " ".join(word for word in found if word.lower() not in WRAPPING)


def shelves() -> tuple[Shelf, ...]:
    """All the published articles, by category. One query."""
    rank = {code: n for n, code in enumerate(HelpCategory.values)}
    rows = sorted(HelpArticle.objects.filter(published=True).defer("vector"), key=lambda row: rank[row.category])
    found = groupby(rows, key=lambda row: row.category)
    return tuple(Shelf(str(HelpCategory(code).label), tuple(articles)) for code, articles in found)


def guides() -> tuple[HelpArticle, ...]:
    """The published guides, for the side panel. One query."""
    return tuple(HelpArticle.objects.filter(published=True, kind=HelpKind.GUIDE).only("code", "question"))


def _marked(excerpt: str, whole: str) -> SafeString:
    """What is left out before and after is told by « … »."""
    bare, all_of_it = (" ".join(text.split()) for text in (excerpt.replace(OPEN, "").replace(CLOSE, ""), whole))
    before, after = "" if all_of_it.startswith(bare) else "… ", "" if all_of_it.endswith(bare) else " …"
    safe = str(escape(before + " ".join(excerpt.split()) + after))
    return mark_safe(safe.replace(OPEN, "<mark>").replace(CLOSE, "</mark>"))  # noqa: S308  (escaped just above)
