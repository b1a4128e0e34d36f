"""Photographs of paper, turned into pages."""

from __future__ import annotations

import io
from contextlib import ExitStack
from typing import Any

import PIL.Image
from pikepdf import Pdf
from PIL import ImageOps

from iprof.web.probe import pdf
from iprof.web.probe.limits import PIXELS

PIL.Image.MAX_IMAGE_PIXELS = PIXELS // 2  # Pillow refuses twice as much
FORMATS = ("JPEG", "PNG", "WEBP")
WHOLE = ("RGB", "RGBA", "L", "CMYK", "YCbCr")  # modes that are reduced without loss of colours
A4_INCHES = (8.27, 11.69)
# Pixels of the long side and quality of JPEG, tried in this order: 200 dpi on A4 first, never under 110.
FINENESS = ((2400, 82), (2400, 65), (1900, 60), (1600, 50), (1300, 45))
MANY, DENSE = 3, 7  # photographs from which the second, the third are tried first: the others would not be light enough


def photo(content: bytes, *, sizes: list[int], limit: int) -> tuple[dict[str, Any], bytes]:
    """{"pages"} and one PDF of the images laid end to end in `content`, of these sizes in bytes; upright, without
    metadata, strictly under `limit` bytes, else {"refusal": "weight"}."""
    parts = _parts(content, sizes)
    for side, quality in FINENESS[(len(parts) >= MANY) + (len(parts) >= DENSE) :]:
        made = _pages(parts, side, quality, limit)
        if made:
            return pdf.read(made)
    return {"refusal": "weight"}, b""


def _parts(content: bytes, sizes: list[int]) -> list[bytes]:
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [content[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _pages(parts: list[bytes], side: int, quality: int, limit: int) -> bytes:
    """One image in memory at a time. Empty as soon as the pages together reach `limit`."""
    pages: list[bytes] = []
    for part in parts:
        pages.append(_page(_upright(part, side), quality))
        if sum(map(len, pages)) >= limit:
            return b""
    if len(pages) == 1:
        return pages[0]
    with Pdf.new() as whole, ExitStack() as opened:
        for page in pages:
            whole.pages.extend(opened.enter_context(Pdf.open(io.BytesIO(page))).pages)
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _upright(content: bytes, side: int) -> PIL.Image.Image:
    with PIL.Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (side, side))  # a JPEG is read at the size needed
        seen = image if image.mode in WHOLE else image.convert("RGBA")
        seen.thumbnail((side, side))  # before anything copies it: an image is the largest thing held here
        turned = ImageOps.exif_transpose(seen)
    flat = PIL.Image.new("RGB", turned.size, "white")
    flat.paste(turned.convert("RGB"), mask=turned.getchannel("A") if "A" in turned.getbands() else None)
    return flat


def _page(upright: PIL.Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    short, long = sorted(upright.size)
    upright.save(out, "PDF", resolution=max(short / A4_INCHES[0], long / A4_INCHES[1]), quality=quality)
    return out.getvalue()
