"""Supporting documents as people send them: letters scanned at 200 dpi, of several weights. Made up."""

import io
import random
from functools import cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1654, 2339  # A4 at 200 dpi


@cache
def scan(kilobytes: int) -> bytes:
    """A PDF of as many scanned pages as it takes to weigh about so much, under the limit."""
    weight, pages, grain = 0, [], 0
    while True:
        page = _page(grain := grain + 1)
        weight += _weight(page)
        if pages and weight > kilobytes * 1000:
            break
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200, quality=75)
    return out.getvalue()


def another(content: bytes, number: int) -> bytes:
    """The same document as another file: a comment after its end changes nothing but its hash."""
    return content + f"\n% exemplaire {number}\n".encode()


def _page(number: int) -> Image.Image:
    """Lines of text over the noise of a scanner, which is most of the weight of such a file."""
    noise = Image.frombytes("L", (WIDTH, HEIGHT), random.Random(number).randbytes(WIDTH * HEIGHT))
    page = Image.blend(Image.new("L", (WIDTH, HEIGHT), "white"), noise, 0.06)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(28)
    for line in range(40):
        pen.text(
            (160, 120 + line * 52),
            f"Attestation fictive n° {number}, ligne {line}, faite pour servir",
            fill=0,
            font=font,
        )
    return page.convert("RGB")


def _weight(page: Image.Image) -> int:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=75)
    return out.tell()
