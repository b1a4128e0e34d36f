"""The code of an établissement (UAI): seven digits and a check letter."""

import re

from iprof.kernel.errors import DomainError

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9]{7}[A-Z]")
_CORSICA = {"620": "2A", "720": "2B"}


def check_letter(digits: str) -> str:
    """The letter of seven digits: the number modulo 23, in an alphabet without I, O, Q.

    >>> check_letter("0510006")
    'E'
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


def creation_departement(uai: str) -> str:
    """The département where the établissement was created, from the first three digits; "" when they name none.

    It is where it was created, not where it is: for the place, use the annuaire's own column.

    >>> [creation_departement(code) for code in ("0510006E", "6200001G", "7200001H", "9740001X")]
    ['51', '2A', '2B', '974']
    """
    prefix = uai[:3]
    if prefix in _CORSICA:
        return _CORSICA[prefix]
    if prefix.startswith("0"):
        return prefix[1:] if prefix != "000" else ""
    return prefix if prefix[:2] in {"97", "98"} else ""
