"""The answers of the help that match what someone is about to ask: settings.HELP_SEARCH names the function, if any."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

MOST = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is plain; `url` leads to the whole answer."""

    title: str
    text: str
    url: str


def answers_to(text: str) -> Sequence[Answer]:
    """The best first, MOST at most."""
    if not settings.HELP_SEARCH:
        return ()
    return tuple(import_string(settings.HELP_SEARCH)(text))[:MOST]
