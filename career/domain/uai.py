"""The code of an établissement (UAI): seven digits and a check letter."""

import re

from iprof.kernel.errors import DomainError

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9]{7}[A-Z]")


def check_letter(digits: str) -> str:
    """The letter of seven digits: the number modulo 23, in an alphabet without I, O, Q.

    >>> check_letter("0510006")
    'C'
    """
    return LETTERS[int(digits) % len(LETTERS)]


def normalise(uai: str) -> str:
    """Upper case, without spaces. Raises DomainError("uai_shape" | "uai_letter")."""
    code = re.sub(r"\s", "", uai).upper()
    if not _SHAPE.fullmatch(code):
        raise DomainError("uai_shape", uai=uai)
    if code[7] != check_letter(code[:7]):
        raise DomainError("uai_letter", uai=code, expected=check_letter(code[:7]))
    return code


def is_valid(uai: str) -> bool:
    return bool(_SHAPE.fullmatch(uai)) and uai[7] == LETTERS[int(uai[:7]) % 23]
