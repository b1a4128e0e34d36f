"""A copy that says who took it: every page drawn, words across it, in one layer of pixels that does not peel off."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf

from iprof.web.probe.pages import marked, rendered

MOST = 40  # pages: what one reader draws within its time
ACROSS = 1240  # pixels: 150 dpi on A4
DPI, QUALITY = 150, 80


def copy(content: bytes, *, words: str) -> tuple[dict[str, Any], bytes]:
    """{"pages"} and the PDF; {"refusal": "long", "pages"} beyond MOST."""
    document = pypdfium2.PdfDocument(content)
    try:
        count = len(document)
        if not 0 < count <= MOST:
            return {"refusal": "long" if count else "empty", "pages": count}, b""
        with pikepdf.new() as made:
            for number in range(count):
                _add(made, marked(rendered(document[number], across=ACROSS).convert("RGB"), words))
            out = io.BytesIO()
            made.save(out, deterministic_id=True)
    finally:
        document.close()
    return {"pages": count}, out.getvalue()


def _add(made: Pdf, image: Any) -> None:
    """One page of the size of its image."""
    drawn = io.BytesIO()
    image.save(drawn, "JPEG", quality=QUALITY)
    width, height = (side * 72 / DPI for side in image.size)
    picture = made.make_stream(
        drawn.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    page = made.add_blank_page(page_size=(width, height))
    page.obj.Resources = Dictionary(XObject=Dictionary(Page=picture))
    page.obj.Contents = made.make_stream(f"{width:.2f} 0 0 {height:.2f} 0 0 cm /Page Do".encode())
    page.obj.MediaBox = Array([0, 0, round(width, 2), round(height, 2)])
