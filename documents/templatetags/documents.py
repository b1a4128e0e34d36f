"""`labelled`: the pairs of a row of personal data, in words, without what is empty."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def labelled(row: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(label, value in words) of each field that says something."""
    for name, value in row.items():
        if value not in (None, "", [], {}):
            yield labels[name], said(value)


def said(value: Any) -> str:
    """« oui », « non », lists with commas.

    >>> said(True), said(["a", "b"]), said({"pays": "MU"}), said(3)
    ('oui', 'a, b', 'pays : MU', '3')
    """
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(said(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} : {said(one)}" for key, one in value.items())
    return str(value)
