"""Photographs of paper, turned into pages."""

from __future__ import annotations

import io
from typing import Any

import PIL.Image
from PIL import ImageOps

from iprof.web.probe import pdf
from iprof.web.probe.limits import PIXELS

PIL.Image.MAX_IMAGE_PIXELS = PIXELS // 2  # Pillow refuses twice as much
FORMATS = ("JPEG", "PNG", "WEBP")
LONG_SIDE = 2400  # pixels: about 200 dpi on A4
A4_INCHES = (8.27, 11.69)
QUALITIES = (82, 65, 50)


def photo(content: bytes, *, sizes: list[int], limit: int) -> tuple[dict[str, Any], bytes]:
    """{"pages"} and one PDF of the images laid end to end in `content`, of these sizes in bytes; upright, without
    metadata, strictly under `limit` bytes, else {"refusal": "weight"}."""
    upright = [_upright(part) for part in _parts(content, sizes)]
    for quality in QUALITIES:
        made = _pages(upright, quality)
        if len(made) < limit:
            return pdf.read(made)
    return {"refusal": "weight"}, b""


def _parts(content: bytes, sizes: list[int]) -> list[bytes]:
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [content[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _upright(content: bytes) -> PIL.Image.Image:
    with PIL.Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is read at the size needed
        turned = ImageOps.exif_transpose(image)
        flat = PIL.Image.new("RGB", turned.size, "white")
        flat.paste(turned.convert("RGB"), mask=turned.getchannel("A") if "A" in turned.getbands() else None)
    flat.thumbnail((LONG_SIDE, LONG_SIDE))
    return flat


def _pages(upright: list[PIL.Image.Image], quality: int) -> bytes:
    out = io.BytesIO()
    first, *others = upright
    short, long = sorted(first.size)
    resolution = max(short / A4_INCHES[0], long / A4_INCHES[1])
    first.save(out, "PDF", save_all=True, append_images=others, resolution=resolution, quality=quality)
    return out.getvalue()
