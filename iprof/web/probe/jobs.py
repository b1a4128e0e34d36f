"""What can be asked of the reader. Each job gives a dict and a content; a content that is at fault gives a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pikepdf
import PIL.Image
import pypdfium2

from iprof.web.probe import copies, images, pages, pdf

Job = Callable[..., tuple[dict[str, Any], bytes]]
JOBS: dict[str, Job] = {
    "look": pdf.look,
    "read": pdf.read,
    "clean": pdf.clean,
    "photo": images.photo,
    "see": pages.see,
    "draw": pages.draw,
    "copy": copies.copy,
}
BROKEN = (
    pikepdf.PdfError,
    pypdfium2.PdfiumError,
    PIL.Image.DecompressionBombError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    RuntimeError,
    NotImplementedError,
    SyntaxError,  # Pillow, for a broken PNG
    OSError,
    EOFError,
)


def run(job: str, content: bytes, options: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return JOBS[job](content, **options)
    except pikepdf.PasswordError:
        return {"refusal": "locked"}, b""
    except BROKEN:
        return {"refusal": "broken"}, b""
