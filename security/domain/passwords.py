"""What a password must be (decision T2: the three 80-bit examples of CNIL deliberation 2022-100; norms D01, D06, D07).

Pure: the words of the person's context are given by the caller. The composition rules deviate from ASVS 6.2.5, which
forbids them, and follow CNIL and ANSSI R23: see docs/adr/0008-password-rules.md.
"""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass

from iprof.kernel.text import unaccent

FOUR_CLASSES_LENGTH = 12
THREE_CLASSES_LENGTH = 14
ADMIN_LENGTH = 16
PHRASE_WORDS = 7
PHRASE_DISTINCT_WORDS = 5
AROUND = string.digits + string.punctuation + " "
MAX_LENGTH = 300  # a guard against denial of service, far above any password manager
PUBLISHED = ("lesmathsahsontfascinantes",)  # letters of the examples printed in guides: the first an attacker tries
WORD_LENGTH = 3  # shorter words of the context would refuse almost anything
PORTAL_WORDS = frozenset({"iprof", "rectorat", "academie", "education", "enseignant", "professeur"})


@dataclass(frozen=True, slots=True)
class Composition:
    """What a password is made of; `words` counts the words of a passphrase, `distinct` the different ones."""

    length: int
    lower: bool
    upper: bool
    digit: bool
    special: bool
    words: int
    distinct: int

    @property
    def classes(self) -> int:
        return self.lower + self.upper + self.digit + self.special


def composition(password: str) -> Composition:
    """Counts characters and classes; accented letters are letters, everything neither letter nor digit is special."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]{2,}", password)]
    return Composition(
        length=len(password),
        lower=any(c.islower() for c in password),
        upper=any(c.isupper() for c in password),
        digit=any(c.isdecimal() for c in password),
        special=any(not c.isalnum() for c in password),
        words=len(words),
        distinct=len(set(words)),
    )


def is_composed(password: str, *, administrator: bool = False) -> bool:
    """12 characters of four classes, 14 of three, or seven words; an administrator needs 16 of four, or seven words.

    >>> is_composed("Moulin-Bleu7"), is_composed("MoulinBleu71ab"), is_composed("moulinbleu71"), is_composed("")
    (True, True, False, False)
    >>> is_composed("le petit moulin bleu tourne sans bruit"), is_composed("non non non non non non non")
    (True, False)
    >>> is_composed("Moulin-Bleu7", administrator=True), is_composed("Moulin-Bleu-71-xy", administrator=True)
    (False, True)
    """
    made = composition(password)
    if made.words >= PHRASE_WORDS and made.distinct >= PHRASE_DISTINCT_WORDS:
        return True
    if administrator:
        return made.length >= ADMIN_LENGTH and made.classes == 4
    return (made.length >= FOUR_CLASSES_LENGTH and made.classes == 4) or (
        made.length >= THREE_CLASSES_LENGTH and made.classes >= 3
    )


def fold(text: str) -> str:
    """Letters and digits only, lower case, unaccented: « I-Prof » → « iprof »."""
    return re.sub(r"[^a-z0-9]", "", unaccent(text).lower())


def context_word(password: str, words: Iterable[str]) -> str:
    """The first word of the context found inside the password, empty when there is none.

    Words of three letters count only when they stand alone, else « Léa » would refuse « galéasse ».

    >>> context_word("MonMotDurand-2026", ["Durand"]), context_word("Galéasse-71-mer", ["Léa"])
    ('durand', '')
    """
    folded = fold(password)
    parts = {fold(part) for part in re.split(r"[\W\d_]+", password)}
    for word in sorted({fold(word) for word in words} | PORTAL_WORDS):
        if len(word) > WORD_LENGTH and word in folded:
            return word
        if len(word) == WORD_LENGTH and word in parts:
            return word
    return ""


def is_published_example(password: str) -> bool:
    """Whether the password is an example everybody has read, whatever its digits, case, accents and signs.

    >>> is_published_example("lesmaths-a-09h-sont-fascinantes!"), is_published_example("LesMathsSontFascinantes")
    (True, False)
    """
    letters = re.sub(r"[^a-z]", "", fold(password))
    return any(example in letters for example in PUBLISHED)


ROWS = (
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
)
NEXT = frozenset(pair for row in ROWS for pair in zip(row, row[1:], strict=False))
SURPRISES = 8  # characters that do not follow from the ones before


def surprises(password: str) -> int:
    """Characters left once walks along a keyboard row or the alphabet and repetitions count for their first one.

    Only runs of three and more are walks: « er » or « on » are found in any word.

    >>> surprises("Azertyuiop123!"), surprises("Aaaaaaaaaaaa1!"), surprises("Mouton-Bleu7")
    (3, 3, 12)
    """
    text = unaccent(password).lower()
    kinds = [_step(a, b) for a, b in zip(text, text[1:], strict=False)]
    expected = sum(
        1
        for i, kind in enumerate(kinds)
        if kind and (kind == (kinds[i - 1] if i else 0) or (i + 1 < len(kinds) and kind == kinds[i + 1]))
    )
    return len(text) - expected


def _step(first: str, second: str) -> int:
    """1 forward along a row, -1 backward, 2 the same again, 0 otherwise."""
    if first == second:
        return 2
    if (first, second) in NEXT:
        return 1
    return -1 if (second, first) in NEXT else 0


def undressed(password: str) -> frozenset[str]:
    """What is left, lower case, when digits and signs put around a known word go one after the other.

    >>> sorted(undressed("Abc1!"))
    ['abc', 'abc1']
    """
    lower = password.lower()
    head, tail = len(lower) - len(lower.lstrip(AROUND)), len(lower.rstrip(AROUND))
    return frozenset(
        lower[start:end] for start in range(head + 1) for end in range(max(tail, start + 1), len(lower) + 1)
    ) - {lower}
