"""From a postal code to the communes, départements and académies it may stand for.

A postal code is text and names no single place: sixteen codes span two départements (52100: Haute-Marne and Marne),
« 20 » is two départements, and CEDEX codes are in no list. A well-formed code is therefore never refused; what is not
known is told, and the département is then read from the prefix.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from iprof.kernel.errors import DomainError
from iprof.kernel.text import unaccent

_SHAPE = re.compile(r"[0-9]{5}")
_CEDEX = re.compile(r"\s+CEDEX\b.*$")
_SHORT = {"ST": "SAINT", "STE": "SAINTE", "STS": "SAINTS", "STES": "SAINTES"}


@dataclass(frozen=True, slots=True)
class Commune:
    insee: str
    name: str
    departement: str


@dataclass(frozen=True, slots=True)
class Academie:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PostalArea:
    """What a code may stand for. `listed` is False for a CEDEX or unknown code: its département comes from the prefix.

    `departements` begins with the one that has most communes under the code; `academies` are codes in the same order.
    """

    code: str
    listed: bool
    communes: tuple[Commune, ...]
    departements: tuple[str, ...]
    academies: tuple[str, ...]


class PostalCodes:
    """The table of one year: `rows` are (postal code, INSEE code, commune, département)."""

    def __init__(self, rows: Iterable[tuple[str, str, str, str]], academies: Mapping[str, Academie]) -> None:
        self.academies = academies
        self._communes: dict[str, list[Commune]] = {}
        for code, insee, name, departement in rows:
            self._communes.setdefault(code, []).append(Commune(insee, name, departement))

    def area(self, code: str) -> PostalArea:
        """Everything known of a code. Raises DomainError("postal_code_shape") unless it is five digits."""
        code = re.sub(r"\s", "", code)
        if not _SHAPE.fullmatch(code):
            raise DomainError("postal_code_shape", postal_code=code)
        communes = tuple(self._communes.get(code, ()))
        if communes:
            departements = tuple(d for d, _ in Counter(c.departement for c in communes).most_common())
        else:
            departements = tuple(d for d in (prefix_departement(code),) if d in self.academies)
        codes = dict.fromkeys(self.academies[d].code for d in departements if d in self.academies)
        return PostalArea(code, bool(communes), communes, departements, tuple(codes))

    def commune(self, code: str, name: str) -> Commune | None:
        """The commune of that name under that code, however the post office writes it."""
        wanted = fold_commune(name)
        return next((c for c in self.area(code).communes if fold_commune(c.name) == wanted), None)

    def in_departements(self, departements: Iterable[str]) -> tuple[tuple[str, Commune], ...]:
        """(postal code, commune) pairs of these départements, in the order of the table."""
        wanted = frozenset(departements)
        return tuple((code, c) for code, found in self._communes.items() for c in found if c.departement in wanted)


def prefix_departement(code: str) -> str:
    """The département a five-digit code begins with: 2A and 2B in Corsica, three characters overseas.

    >>> [prefix_departement(code) for code in ("51096", "20090", "20250", "97410")]
    ['51', '2A', '2B', '974']
    """
    if code.startswith("20"):
        return "2A" if code[2] in "01" else "2B"
    return code[:3] if code[:2] in {"97", "98"} else code[:2]


def fold_commune(name: str) -> str:
    """A name to compare by: capitals without accents, ST and STE written out, CEDEX dropped.

    >>> fold_commune("ST DIZIER CEDEX 2") == fold_commune("Saint-Dizier")
    True
    """
    words = re.sub(r"[^A-Z0-9]+", " ", _CEDEX.sub("", unaccent(name).upper())).split()
    return " ".join(_SHORT.get(word, word) for word in words)
