"""Folding of names, for sorting and searching."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)

_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])  # bidirectional embeddings and isolates


def unaccent(text: str) -> str:
    """Without accents nor ligatures.

    >>> unaccent("Cœur d'Élée")
    "Coeur d'Elee"
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def seen(text: str) -> str:
    """What can be seen of a text typed: without the signs that turn the direction of what follows, and nothing at all
    where there are only spaces and signs without a shape (categories C and Z of Unicode).

    >>> seen("Océane\u202e"), seen("\u200b \u2060")
    ('Océane', '')
    """
    kept = text.translate(_TURNING)
    return kept if any(unicodedata.category(char)[0] not in "CZ" for char in kept) else ""


def sort_key(*names: str) -> str:
    """What names are sorted and searched by: lower case, unaccented, one space between words.

    >>> sort_key("De La Tour-Élie", "Zoé")
    'de la tour elie zoe'
    """
    return re.sub(r"[^a-z0-9]+", " ", unaccent(" ".join(names)).lower()).strip()


def folded(text: str) -> str:
    """Accents, capitals, dashes and the final « s » of each word do not tell two names apart.

    >>> folded("Professeurs certifiés"), folded("A_consolider") == folded("À consolider")
    ('professeurcertifie', True)
    """
    return "".join(part.removesuffix("s") for part in sort_key(text).split())
