"""What a line of the journal is about, in words: told by the app that knows, to the person concerned alone.

The line itself holds an identifier: the title or the type of a document may say more than a journal may hold (norm D20).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from security.models import AccessEvent

Words = Callable[[Sequence[AccessEvent]], Mapping[int, str]]  # by primary key of the line
_known: dict[str, Words] = {}


def register(kind: str, words: Words) -> None:
    """From the `ready` of an app: who tells the lines of a kind."""
    _known[str(kind)] = words


def in_words(events: Iterable[AccessEvent]) -> dict[int, str]:
    """Of the lines somebody tells. As many queries as kinds among them."""
    by_kind: dict[str, list[AccessEvent]] = {}
    for event in events:
        if event.kind in _known:
            by_kind.setdefault(event.kind, []).append(event)
    return {pk: said for kind, lines in by_kind.items() for pk, said in _known[kind](lines).items()}
