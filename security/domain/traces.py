"""What may be written in the access journal: short plain text, without line breaks nor secrets (norms D19, D20)."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

MASK = "[masqué]"
DEPTH = 3
BREAKS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, direction marks, halves of characters, line breaks


def plain(text: str, *, limit: int, secret: re.Pattern[str] | None = None) -> str:
    """One line of text: controls, line and direction marks become spaces, what looks like `secret` is masked.

    >>> plain("motif" + chr(10) + "2026 FAUX", limit=40), plain("abc", limit=2)
    ('motif 2026 FAUX', 'ab')
    >>> plain("mon code 12AB", limit=40, secret=re.compile("12AB"))
    'mon code [masqué]'
    """
    line = text if text.isprintable() else "".join(" " if unicodedata.category(c) in BREAKS else c for c in text)
    return (secret.sub(MASK, line) if secret else line)[:limit]


def plain_detail(value: Any, *, limit: int, secret: re.Pattern[str] | None = None, depth: int = DEPTH) -> Any:
    """The same inside a JSON value. Booleans, whole numbers and None stay; anything else becomes text."""
    if value is None or isinstance(value, bool | int):
        return value
    if depth and isinstance(value, Mapping):
        return {
            plain(str(key), limit=limit): plain_detail(one, limit=limit, secret=secret, depth=depth - 1)
            for key, one in value.items()
        }
    if depth and isinstance(value, list | tuple):
        return [plain_detail(one, limit=limit, secret=secret, depth=depth - 1) for one in value]
    return plain(str(value), limit=limit, secret=secret)
