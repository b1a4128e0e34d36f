"""Letters that pass for others, and characters that hide: our own table, limited to what a site's name can hold.

Unicode publishes thousands of confusables (UTS 39); a name of letters, digits, dots and hyphens needs those below. Wide
and mathematical forms are folded by NFKC, accents by decomposition, so only letters of other alphabets are listed,
written by their numbers: the eye cannot tell them apart here either.
"""

import unicodedata

from iprof.kernel.text import unaccent

_LIKE = {
    "a": "\u0430\u0251\u03b1",
    "b": "\u042c\u0185\u044c\u03b2",
    "c": "\u0441\u03f2\u217d\u1d04",
    "d": "\u0501\u217e\u0257",
    "e": "\u0435\u04bd\u0454\u03b5\u212e",
    "f": "\u0192\u03dd",
    "g": "\u0261\u0581\u018d",
    "h": "\u04bb\u0570",
    "i": "\u0456\u0131\u0269\u03b9\u04cf\u026a",
    "j": "\u0458\u03f3",
    "k": "\u03ba\u043a\u1d0b",
    "l": "\u217c\u01c0\u0627",
    "m": "\u043c\u217f\u1d0d",
    "n": "\u0578\u057c\u03b7\u043f",
    "o": "\u043e\u03bf\u0585\u03c3\u1d0f\u0d20\u0966\u09e6",
    "p": "\u0440\u03c1\u03f1\u2ca3",
    "q": "\u051b\u0563",
    "r": "\u0433\u1d26\u2c85\u0280",
    "s": "\u0455\ua731\u0282",
    "t": "\u0442\u03c4\u1d1b",
    "u": "\u03c5\u057d\u028b\u1d1c",
    "v": "\u03bd\u0475\u1d20\u2174",
    "w": "\u051d\u0561\u0461\u1d21",
    "x": "\u0445\u03c7\u2179",
    "y": "\u0443\u04af\u03b3\u028f",
    "z": "\u1d22\u0290",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\u2043\u02d7\u2796",
    ".": "\u3002\uff61\u2024\u00b7\u0660\u06d4\u0701",
    "/": "\u2044\u2215\u29f8",
}
_TABLE = {ord(char): letter for letter, chars in _LIKE.items() for char in chars}
# Digits and pairs that a tired eye reads as letters; « rn » for « m » is the oldest trick of all.
_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "|": "l"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u180e\u034f")


def folded(host: str) -> str:
    """The name in plain lower-case letters: each foreign letter becomes the one it imitates.

    >>> folded("\\u0435xtranet.a\\u0441-reims.fr"), folded("EXTRANET.ac\\u2011reims\\uff0efr"), folded("éxtranet.ac-reims.fr")
    ('extranet.ac-reims.fr', 'extranet.ac-reims.fr', 'extranet.ac-reims.fr')
    """
    plain = host.translate(_TABLE)
    return unaccent(unicodedata.normalize("NFKC", plain).lower().translate(_TABLE))


def eye_reads(host: str) -> str:
    """`folded`, then digits and pairs of letters as a tired eye reads them: two names that look alike end the same.

    >>> eye_reads("extranet.ac-reirns.fr") == eye_reads("extranet.ac-reims.fr"), eye_reads("c1é")
    (True, 'de')
    """
    text = folded(host).translate(_DIGITS)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text.replace("i", "l")


def is_bidi(char: str) -> bool:
    """Whether the character turns the direction of writing, so that « fr.exe » reads « exe.fr »."""
    return char in _BIDI


def is_hidden(char: str) -> bool:
    """Whether nothing is seen of the character: controls, format characters, blank letters, odd spaces."""
    return (
        char in _BLANK or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} or _odd_space(char)
    )


def _odd_space(char: str) -> bool:
    return char != " " and unicodedata.category(char) == "Zs"


def visible(text: str, *, doubles: bool = False) -> str:
    """The text with what hides in it written out, as « [U+200B] »; with `doubles`, what passes for another letter too.

    >>> visible("a\\u200bb\\u202e"), visible("\\u0441é", doubles=True)
    ('a[U+200B]b[U+202E]', '[U+0441]é')
    """
    told = (is_hidden(char) or (doubles and ord(char) in _TABLE) for char in text)
    return "".join(f"[U+{ord(char):04X}]" if tell else char for char, tell in zip(text, told, strict=True))


def without_hidden(text: str) -> str:
    return "".join(char for char in text if not is_hidden(char))
