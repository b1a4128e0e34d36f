"""What the measures of pages mean: blank, blurred, heading that can be read (documents/legal/checks.yaml)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from documents.domain.types import LEGAL
from documents.domain.verdicts import Check, Outcome, Verdict
from iprof.kernel import law

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
    ink: float
    heading_words: int


def build_page_law(folder: Path = LEGAL) -> PageLaw:
    """Raises LawFileError."""
    keys = {"checked_on", "source", "sharp", "dpi", "ink", "heading_words"}
    data = law.read(FILE, required=keys, folder=folder)
    for key in ("sharp", "dpi"):
        law.check_keys(data[key], {"warned", "refused"}, frozenset(), f"{FILE}: {key}")
    return PageLaw(
        float(law.decimal(data["sharp"]["warned"], FILE)),
        float(law.decimal(data["sharp"]["refused"], FILE)),
        law.whole(data["dpi"]["warned"], FILE),
        law.whole(data["dpi"]["refused"], FILE),
        float(law.decimal(data["ink"], FILE)),
        law.whole(data["heading_words"], FILE),
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
    """By images only: letters of a text layer are drawn, not photographed."""
    seen = {number: pages[number - 1] for number in inked if pages[number - 1].text < ENOUGH_TEXT}
    for word, refused, warned in (
        ("resolution", _coarse(seen, rules.dpi_refused), _coarse(seen, rules.dpi_warned)),
        ("flou", _blurred(seen, rules.sharp_refused), _blurred(seen, rules.sharp_warned)),
    ):
        if refused:
            return Verdict(Check.SHARPNESS, Outcome.REFUSED, f"{word}-illisible", {"pages": _numbers(refused)})
        if warned:
            return Verdict(Check.SHARPNESS, Outcome.WARNED, word, {"pages": _numbers(warned)})
    return Verdict(Check.SHARPNESS, Outcome.PASSED)


def _coarse(seen: dict[int, PageMeasures], limit: int) -> list[int]:
    return [number for number, page in seen.items() if 0 < page.dpi < limit]


def _blurred(seen: dict[int, PageMeasures], limit: float) -> list[int]:
    return [number for number, page in seen.items() if page.dpi and page.sharp < limit]


def _heading(first: PageMeasures, rules: PageLaw) -> Verdict:
    if first.heading is None:
        return Verdict(Check.LETTERHEAD, Outcome.WARNED, "non-lu")
    if first.heading < rules.heading_words:
        return Verdict(Check.LETTERHEAD, Outcome.WARNED, "illisible", {"words": first.heading})
    return Verdict(Check.LETTERHEAD, Outcome.PASSED)


def _numbers(pages: Sequence[int]) -> str:
    """
    >>> _numbers([1, 2, 5])
    '1, 2 et 5'
    """
    *first, last = (str(number) for number in pages)
    return f"{', '.join(first)} et {last}" if first else last
