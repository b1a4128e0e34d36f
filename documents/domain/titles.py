"""Titles that say what a document is (requirement S69): the proposed one, and those that say nothing."""

import datetime as dt
import re

from documents.domain.types import DocumentType
from iprof.kernel.text import sort_key

MONTHS = (
    "Janvier", "Fevrier", "Mars", "Avril", "Mai", "Juin", "Juillet", "Aout", "Septembre", "Octobre", "Novembre",
    "Decembre",
)  # fmt: skip
EMPTY = frozenset(
    "scan scanner scanned scannable image img photo pic picture document doc docs fichier file pdf sans titre untitled "
    "nouveau new numerisation numeriser page pages piece jointe copie copy capture ecran screenshot whatsapp dsc dcim "
    "pxl mvimg screen shot adobe lens camscanner tmp temp final version de du le la un une a".split()
)  # words that say nothing by themselves


def proposed_title(kind: DocumentType, dated_on: dt.date | None) -> str:
    """The type, then the month of the document: « JustifDomicile_Avril2025 ».

    A type without date of its own has no month.
    """
    return f"{kind.name}_{MONTHS[dated_on.month - 1]}{dated_on.year}" if dated_on else kind.name


def says_nothing(title: str) -> bool:
    """Whether a title is only a number, a date, or words that any file may have.

    >>> [says_nothing(title) for title in ("scan001.pdf", "IMG_2033", "20250412_093011", "Document (3)", "")]
    [True, True, True, True, True]
    >>> [says_nothing(title) for title in ("RelevéIndice_2025.pdf", "Bail Charleville", "PACS")]
    [False, False, False]
    """
    words = re.findall(r"[a-z]+", sort_key(re.sub(r"\.(pdf|jpe?g|png|webp)$", "", title.strip(), flags=re.IGNORECASE)))
    return all(word in EMPTY or len(word) == 1 for word in words)
