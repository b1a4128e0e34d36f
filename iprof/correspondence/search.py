"""Searching what is published by the words people know: accents, capitals and endings tell no two words apart.

No extension of the database is asked for: texts and questions are folded here, and PostgreSQL's French stemmer reads
both the folded words and those that were written, since it knows some endings by their accents only.
"""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value

from iprof.kernel.text import unaccent

CONFIG = "french"


def vector_of(**texts: str) -> SearchVector:
    """What is searched, to be stored: texts by weight (« A » counts most)."""
    whole = SearchVector(Value(""), config=CONFIG)
    for weight, text in texts.items():
        for words in (text, unaccent(text)):
            whole += SearchVector(Value(words), weight=weight, config=CONFIG)  # type: ignore[assignment]  # a vector too
    return whole


def query_of(words: str) -> SearchQuery:
    """As a search engine reads it: all the words, « une suite », or, -sans. Never an error, whatever is typed."""
    kept = words.replace("\x00", " ")
    asked = SearchQuery(kept, config=CONFIG, search_type="websearch")
    return asked | SearchQuery(unaccent(kept), config=CONFIG, search_type="websearch")
