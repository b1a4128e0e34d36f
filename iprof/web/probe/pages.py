"""Pages drawn and looked at: is there ink, is it sharp, is there text to read at the top."""

from __future__ import annotations

import io
from functools import lru_cache
from hashlib import sha256
from typing import Any

import PIL.Image
import pypdfium2
import pypdfium2.raw as raw
from PIL import ImageDraw, ImageFilter, ImageFont, ImageStat

SEEN = 30  # pages looked at
SIDE = 1100  # pixels of the long side of a page looked at: about 95 dpi on A4
DARK = 200  # of 255: ink, blurred or not
TEXT = 20  # characters that make a page one of text
HEADING = 4  # the upper fourth of a page
MAX_WIDTH = 1600
LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def see(content: bytes) -> tuple[dict[str, Any], bytes]:
    """{"pages": [{"ink", "text", "dpi", "sharp", "heading"}…], "mark"} of the first SEEN pages.

    `ink`: share of dark pixels; `text`: characters of the text layer; `dpi` of the largest image, 0 without; `sharp`:
    variance of the Laplacian over that of the greys; `heading`: words in the upper fourth. `mark` is the same for files
    whose pages show the same, whatever their bytes; empty beyond SEEN pages.
    """
    document = pypdfium2.PdfDocument(content)
    try:
        seen = [_seen(document, number) for number in range(min(len(document), SEEN))]
        mark = "".join(shows for _, shows in seen) if len(document) <= SEEN else ""
    finally:
        document.close()
    return {"pages": [page for page, _ in seen], "mark": mark and sha256(mark.encode()).hexdigest()}, b""


def draw(content: bytes, *, page: int, width: int, watermark: str = "", top: int = 1) -> tuple[dict[str, Any], bytes]:
    """A page, or its upper part (a fourth of it for `top` 4), as PNG of `width` pixels, with words across it or not.
    {"refusal": "empty"} for a page that is not."""
    document = pypdfium2.PdfDocument(content)
    try:
        if not 0 <= page < len(document):
            return {"refusal": "empty"}, b""
        image = rendered(document[page], across=min(width, MAX_WIDTH)).convert("RGB")
    finally:
        document.close()
    image = image.crop((0, 0, image.width, image.height // top))
    if watermark:
        image = marked(image, watermark)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return {}, out.getvalue()


def rendered(page: Any, *, across: int = 0) -> PIL.Image.Image:
    """At most three times as high as wide, whatever the page says of itself."""
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = across / width if across else SIDE / max(width, height)
    scale = min(scale, 3 * MAX_WIDTH / height)
    image: PIL.Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return image


def _seen(document: Any, number: int) -> tuple[dict[str, Any], str]:
    """The measures of a page, and a digest of what it shows: its words; its drawing when it holds images or few words."""
    page = document[number]
    grey = rendered(page).convert("L")
    text = page.get_textpage()
    width, height = page.get_size()
    measures = {
        "ink": sum(grey.histogram()[:DARK]) / (grey.width * grey.height),
        "text": text.count_chars(),
        "heading": len(text.get_text_bounded(0, height * (1 - 1 / HEADING), width, height).split()),
        "dpi": _dpi(page),
        "sharp": _sharpness(grey),
    }
    words = " ".join(text.get_text_bounded().split())
    drawn = f"{grey.size}".encode() + grey.tobytes()
    shown = drawn if measures["dpi"] or len(words) < TEXT else words.encode("utf-8", "replace")
    return measures, sha256(shown).hexdigest()


def _sharpness(grey: PIL.Image.Image) -> float:
    """Pillow leaves the border of a filtered image as it was: it is cut off."""
    spread = ImageStat.Stat(grey).var[0]
    edges = grey.filter(LAPLACIAN).crop((1, 1, grey.width - 1, grey.height - 1))
    return float(ImageStat.Stat(edges).var[0] / spread) if spread > 1 and grey.width > 2 < grey.height else 0.0


def _dpi(page: Any) -> int:
    """Of the largest image of the page, 0 without."""
    best, found = 0.0, 0.0
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        area = (right - left) * (top - bottom)
        if area > best and right > left:
            best, found = area, image.get_px_size()[0] / ((right - left) / 72)
    return int(min(found, 10_000))


def marked(image: PIL.Image.Image, words: str) -> PIL.Image.Image:
    """Words repeated across the page, drawn into its pixels. Letters of ASCII: the font that is always there has no
    others."""
    image.paste((150, 0, 0), (0, 0), _mask(image.size, words))
    return image


@lru_cache(maxsize=1)
def _mask(sides: tuple[int, int], words: str) -> PIL.Image.Image:
    """The pages of one document are often of one size."""
    width, height = sides
    size = max(width // 28, 12)
    layer = PIL.Image.new("L", (width * 2, height * 2), 0)
    pen, font = ImageDraw.Draw(layer), ImageFont.load_default(size)
    for row in range(0, layer.height, size * 5):
        pen.text(((row // size) % 7 * size, row), f"{words}     " * 6, fill=80, font=font)
    turned = layer.rotate(30, resample=PIL.Image.Resampling.BILINEAR)
    left, top = (turned.width - width) // 2, (turned.height - height) // 2
    return turned.crop((left, top, left + width, top + height))
