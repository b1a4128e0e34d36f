"""What a PDF is made of, read apart from the portal: a program of its own, with so much memory and time and no more.

`look` runs this file in a child: a file of 3 MB may unfold into gigabytes, or keep a processor busy for ever. The child
reads the file from its standard input, knows neither Django nor the database, and answers one line of JSON.
"""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MEMORY, SECONDS = 1_000_000_000, 10
DEPTH = 50
# An action that runs something, leaves the file or opens another; what plays; what hides a file or a form of programs.
ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
     "/RichMediaExecute"}
)  # fmt: skip
KEYS = frozenset({"/JavaScript", "/JS", "/AA", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/XFA", "/Launch"})
SUBTYPES = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/FileAttachment", "/3D"})
REFUSALS = ("locked", "active", "broken", "empty", "heavy")


@dataclass(frozen=True, slots=True)
class Looked:
    """`pages`, or the word of REFUSALS that says why it is not taken."""

    pages: int = 0
    refusal: str = ""


def look(content: bytes) -> Looked:
    """Opens a PDF in a child. « heavy »: it took too much memory or time."""
    try:
        done = subprocess.run(  # noqa: S603  (this very file, no shell)
            [sys.executable, "-I", __file__], input=content, capture_output=True, timeout=2 * SECONDS, check=False
        )
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return Looked(refusal="heavy")
    return Looked(told.get("pages", 0), told.get("refusal", ""))


def _answer(content: bytes) -> dict[str, Any]:
    import pikepdf  # noqa: PLC0415  (in the child only)

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return {"refusal": "locked"}
            if any(_active(item, pikepdf) for item in (pdf.trailer, *pdf.objects)):
                return {"refusal": "active"}
            return {"pages": len(pdf.pages)} if len(pdf.pages) else {"refusal": "empty"}
    except pikepdf.PasswordError:
        return {"refusal": "locked"}
    except MemoryError:
        return {"refusal": "heavy"}
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, RuntimeError):
        return {"refusal": "broken"}


def _active(item: Any, pikepdf: Any) -> bool:
    return any(_acts(key, value, pikepdf) for key, value in _entries(item, pikepdf))


def _acts(key: str, value: Any, pikepdf: Any) -> bool:
    if key in KEYS:
        return True
    if key == "/OpenAction":  # a page to open at is no harm
        return isinstance(value, pikepdf.Dictionary) and value.get("/S") != pikepdf.Name.GoTo
    named = str(value) if isinstance(value, pikepdf.Name) else ""
    return (key == "/S" and named in ACTIONS) or (
        key in {"/Subtype", "/Type"} and named in SUBTYPES | {"/EmbeddedFile"}
    )


def _entries(item: Any, pikepdf: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every entry of a dictionary, of those in it and in its arrays. Objects of their own are met on their own."""
    if depth > DEPTH:
        raise ValueError("too deep")
    if isinstance(item, pikepdf.Array):
        pairs = [("", value) for value in item]
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        pairs = list(item.items())
    else:
        return
    for key, value in pairs:
        yield key, value
        if not getattr(value, "is_indirect", False):
            yield from _entries(value, pikepdf, depth + 1)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
