"""Everything that looks into the bytes of a file, away from the portal's own memory; answers in verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings

from documents.domain.pages import PageMeasures, judge
from documents.domain.verdicts import Check, Outcome, Verdict
from documents.probe import clamd, letterhead
from iprof.kernel.text import unaccent
from iprof.web.probe import Answer, ask

REFUSALS = {
    "locked": (Check.LOCK, "mot-de-passe"),
    "broken": (Check.READABLE, "abime"),
    "heavy": (Check.READABLE, "trop-long"),
    "empty": (Check.PAGES, "aucune"),
    "long": (Check.PAGES, "trop"),
    "weight": (Check.WEIGHT, "image-lourde"),
    "active": (Check.ACTIVE, "indelebile"),
}
IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
OTHERS = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"<", b"#!")
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
UNSEEN = (
    Verdict(Check.BLANK, Outcome.PASSED),
    Verdict(Check.SHARPNESS, Outcome.WARNED, "non-mesure"),
    Verdict(Check.LETTERHEAD, Outcome.WARNED, "non-lu"),
)
NEAR_THE_START = 1024  # bytes: where readers look for the mark of a PDF


class CannotClean(Exception):
    """Something active is left, or the file does not bear to be written again."""


class CannotCopy(Exception):
    """`str()` is the word of the reader: long, heavy, broken."""


@dataclass(frozen=True, slots=True)
class Quick:
    """The verdicts of the quick checks; the content to keep, a PDF, empty when refused."""

    verdicts: tuple[Verdict, ...]
    pages: int
    content: bytes
    kind: str


class Slow(NamedTuple):
    """The verdicts of the slow checks; the mark of what the pages show, empty when unknown."""

    verdicts: tuple[Verdict, ...]
    mark: str


def quick(content: bytes, *, name: str) -> Quick:
    """Weight, type, parse, lock, active content, pages. A photograph becomes a PDF."""
    if not content:
        return _refused(Check.WEIGHT, "vide")
    kind = kind_of(content)
    if kind == "image":
        return from_images([content], name=name)
    if len(content) >= settings.DOCUMENT_MAX_BYTES:
        return _refused(Check.WEIGHT, "lourd")
    return _pdf(content, name) if kind == "pdf" else _refused(Check.TYPE, "heic" if kind == "heic" else "autre")


def from_images(photos: Sequence[bytes], *, name: str) -> Quick:
    """One PDF of several photographs, in their order. Each may weigh more than a document: the PDF may not."""
    for photo in photos:
        if len(photo) >= settings.DOCUMENT_PHOTO_MAX_BYTES:
            return _refused(Check.WEIGHT, "photo-lourde")
        if kind_of(photo) != "image":
            return _refused(Check.TYPE, "heic" if kind_of(photo) == "heic" else "autre")
    options = {"sizes": [len(one) for one in photos], "limit": settings.DOCUMENT_MAX_BYTES}
    return _judged(ask("photo", b"".join(photos), **options), "image", name)


def kind_of(content: bytes) -> str:
    """pdf, image, heic or another, by the bytes alone."""
    if content.startswith(IMAGES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "image"
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"avif"):
        return "heic"
    if content.startswith(OTHERS) or b"%PDF-" not in content[:NEAR_THE_START]:
        return "autre"
    return "pdf"


def slow(content: bytes) -> Slow:
    """What takes time: pages drawn and looked at, the heading read. A file that cannot be drawn goes to a person."""
    seen = ask("see", content)
    if seen.refusal:
        return Slow(UNSEEN, "")
    pages = [PageMeasures(**page) for page in seen.told["pages"]]
    if pages and not pages[0].text:
        pages[0] = _with_heading(content, pages[0])
    return Slow(judge(pages), seen.told["mark"])


def scan(content: bytes) -> Verdict:
    """The antivirus; without one, what everybody knows."""
    if EICAR in content:
        return Verdict(Check.VIRUS, Outcome.REFUSED, "virus")
    if not settings.CLAMD:
        return Verdict(Check.VIRUS, Outcome.WARNED, "absent")
    try:
        found = clamd.infected(content, address=settings.CLAMD)
    except clamd.ScannerDown:
        return Verdict(Check.VIRUS, Outcome.HELD, "en-panne")
    return Verdict(Check.VIRUS, Outcome.REFUSED, "virus") if found else Verdict(Check.VIRUS, Outcome.PASSED)


def cleaned(content: bytes) -> bytes:
    """Without its active content. Raises CannotClean."""
    answer = ask("clean", content)
    if answer.refusal:
        raise CannotClean(answer.refusal)
    return answer.content


def render(content: bytes, *, page: int, width: int, watermark: str = "") -> bytes:
    """PNG of a page counted from 0. Empty when there is none, or when it cannot be drawn."""
    return ask("draw", content, page=page, width=width, watermark=unaccent(watermark)).content


def copied(content: bytes, *, words: str) -> bytes:
    """Every page as an image with words across it. Raises CannotCopy."""
    answer = ask("copy", content, words=unaccent(words))
    if answer.refusal:
        raise CannotCopy(answer.refusal)
    return answer.content


def _pdf(content: bytes, name: str) -> Quick:
    return _judged(ask("read", content), "pdf", name)


def _judged(answer: Answer, kind: str, name: str) -> Quick:
    told = answer.told
    if answer.refusal:
        check, word = REFUSALS[answer.refusal]
        return _refused(check, word, {"pages": told["pages"]} if answer.refusal == "long" else {})
    if len(answer.content) >= settings.DOCUMENT_MAX_BYTES and not told["active"]:
        return _refused(Check.WEIGHT, "lourd")
    verdicts = (
        Verdict(Check.WEIGHT, Outcome.PASSED),
        _named(kind, name),
        Verdict(Check.READABLE, Outcome.PASSED),
        _signature(told),
        Verdict(Check.ACTIVE, Outcome.CONSENT, "a-retirer-signe" if told["signed"] else "a-retirer")
        if told["active"]
        else Verdict(Check.ACTIVE, Outcome.PASSED),
        Verdict(Check.PAGES, Outcome.PASSED),
    )
    return Quick(verdicts, told["pages"], answer.content, kind)


def _signature(told: dict[str, Any]) -> Verdict:
    """A signature that holds, that holds no more once the file is written again, or none."""
    if told["signed"]:
        return Verdict(Check.LOCK, Outcome.WARNED, "signe")
    return (
        Verdict(Check.LOCK, Outcome.WARNED, "signature-perdue")
        if told["unsealed"]
        else Verdict(Check.LOCK, Outcome.PASSED)
    )


def _named(kind: str, name: str) -> Verdict:
    """Whether the name says another type than the bytes; without an ending it says nothing."""
    ending = unaccent(name).rpartition(".")[2].lower() if "." in name else ""
    expected = {"pdf": ("pdf",), "image": ("jpg", "jpeg", "png", "webp", "jpe", "jfif")}[kind]
    if not ending or ending in expected or not ending.isalnum() or len(ending) > 5:
        return Verdict(Check.TYPE, Outcome.PASSED)
    found = "PDF" if kind == "pdf" else "photo"
    return Verdict(Check.TYPE, Outcome.WARNED, "nom", {"found": found, "said": f".{ending}"})


def _refused(check: Check, word: str, figures: dict[str, Any] | None = None) -> Quick:
    return Quick((Verdict(check, Outcome.REFUSED, word, figures or {}),), 0, b"", "")


def _with_heading(content: bytes, first: PageMeasures) -> PageMeasures:
    """The heading of a page without text, read by OCR from the drawn page."""
    drawn = ask("draw", content, page=0, width=1240, top=4) if letterhead.reader() else None
    read = letterhead.words(drawn.content) if drawn and not drawn.refusal else None
    return PageMeasures(first.ink, first.text, first.dpi, first.sharp, read)
