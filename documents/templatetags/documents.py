"""`labelled`: the pairs of a row of personal data, in words, without what is empty."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import template

from iprof.web.formats import french_date, french_moment

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(DAY.pattern + r"T\d\d:\d\d:\d\d[+-]\d\d:\d\d")
register = template.Library()


@register.filter
def labelled(row: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(label, value in words) of each field that says something."""
    for name, value in row.items():
        if value not in (None, "", [], {}):
            yield labels[name], said(value)


def said(value: Any) -> str:
    """« oui », « non », lists with commas, dates in French.

    >>> said(True), said(["a", "b"]), said({"pays": "MU"}), said(3)
    ('oui', 'a, b', 'pays : MU', '3')
    >>> said("2026-11-25"), said("2026-11-25T14:15:38+01:00"), said("2026-99-99")
    ('25 novembre 2026', '25 novembre 2026 à 14 h 15', '2026-99-99')
    """
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(said(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} : {said(one)}" for key, one in value.items())
    return _dated(str(value))


def _dated(text: str) -> str:
    try:
        if DAY.fullmatch(text):
            return french_date(dt.date.fromisoformat(text))
        return french_moment(dt.datetime.fromisoformat(text)) if MOMENT.fullmatch(text) else text
    except ValueError:
        return text
