"""What the measures of pages mean: blank, blurred, heading that can be read (documents/legal/checks.yaml)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from documents.domain.types import LEGAL
from documents.domain.verdicts import Check, Outcome, Verdict
from iprof.kernel import law
from iprof.kernel.legal import LegalSource

FILE = "checks.yaml"
ENOUGH_TEXT = 20  # characters of a text layer: such a page is sharp by nature


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """Of one page drawn: share of dark pixels, characters of its text, dpi of its largest image (0 without), sharpness
    (variance of the Laplacian over that of the greys), words read in its upper fourth (None: not read)."""

    ink: float
    text: int
    dpi: int
    sharp: float
    heading: int | None


@dataclass(frozen=True, slots=True)
class PageLaw:
    sharp_warned: float
    sharp_refused: float
    dpi_warned: int
    dpi_refused: int
    dpi_advised: int
    ink: float
    heading_words: int
    source: LegalSource


def build_page_law(folder: Path = LEGAL) -> PageLaw:
    """Raises LawFileError."""
    keys = {"checked_on", "source", "sharp", "dpi", "ink", "heading_words"}
    data = law.read(FILE, required=keys, folder=folder)
    law.check_keys(data["sharp"], {"warned", "refused"}, frozenset(), f"{FILE}: sharp")
    law.check_keys(data["dpi"], {"warned", "refused", "advised"}, frozenset(), f"{FILE}: dpi")
    return PageLaw(
        float(law.decimal(data["sharp"]["warned"], FILE)),
        float(law.decimal(data["sharp"]["refused"], FILE)),
        law.whole(data["dpi"]["warned"], FILE),
        law.whole(data["dpi"]["refused"], FILE),
        law.whole(data["dpi"]["advised"], FILE),
        float(law.decimal(data["ink"], FILE)),
        law.whole(data["heading_words"], FILE),
        law.source_of(data, data["checked_on"], FILE),
    )


@cache
def page_law() -> PageLaw:
    return build_page_law()


def judge(pages: Sequence[PageMeasures]) -> tuple[Verdict, ...]:
    """The verdicts on blank pages, sharpness and heading. Pages are numbered from 1."""
    rules = page_law()
    inked = [number for number, page in enumerate(pages, 1) if page.ink >= rules.ink or page.text >= ENOUGH_TEXT]
    if not inked:
        return (
            Verdict(Check.BLANK, Outcome.REFUSED, "toutes"),
            Verdict(Check.SHARPNESS, Outcome.PASSED, "sans-objet"),
            Verdict(Check.LETTERHEAD, Outcome.PASSED, "sans-objet"),
        )
    return _blank(pages, inked), _sharpness(pages, inked, rules), _heading(pages[0], rules)


def _blank(pages: Sequence[PageMeasures], inked: Sequence[int]) -> Verdict:
    blank = [number for number in range(1, len(pages) + 1) if number not in inked]
    if not blank:
        return Verdict(Check.BLANK, Outcome.PASSED)
    return Verdict(Check.BLANK, Outcome.WARNED, "certaines", {"pages": _numbers(blank)})


def _sharpness(pages: Sequence[PageMeasures], inked: Sequence[int], rules: PageLaw) -> Verdict:
    """By images only: letters of a text layer are drawn, not photographed. The worst page is the one measured."""
    seen = {number: pages[number - 1] for number in inked if pages[number - 1].text < ENOUGH_TEXT}
    dpi = {number: page.dpi for number, page in seen.items() if page.dpi}
    sharp = {number: page.sharp for number, page in seen.items() if page.dpi}
    for word, outcome, measured, limit in (
        ("resolution-illisible", Outcome.REFUSED, dpi, rules.dpi_refused),
        ("resolution", Outcome.WARNED, dpi, rules.dpi_warned),
        ("flou-illisible", Outcome.REFUSED, sharp, rules.sharp_refused),
        ("flou", Outcome.WARNED, sharp, rules.sharp_warned),
    ):
        under = [number for number, value in measured.items() if value < limit]
        if under:
            worst = str(round(min(measured.values()), 4))
            return Verdict(Check.SHARPNESS, outcome, word, {"pages": _numbers(under), "measured": worst})
    return Verdict(Check.SHARPNESS, Outcome.PASSED)


def _heading(first: PageMeasures, rules: PageLaw) -> Verdict:
    if first.heading is None:
        return Verdict(Check.LETTERHEAD, Outcome.WARNED, "non-lu")
    if first.heading < rules.heading_words:
        return Verdict(Check.LETTERHEAD, Outcome.WARNED, "illisible", {"measured": str(first.heading)})
    return Verdict(Check.LETTERHEAD, Outcome.PASSED)


def _numbers(pages: Sequence[int]) -> str:
    """
    >>> _numbers([1, 2, 5])
    '1, 2 et 5'
    """
    *first, last = (str(number) for number in pages)
    return f"{', '.join(first)} et {last}" if first else last
