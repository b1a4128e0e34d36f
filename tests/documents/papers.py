"""Letters made up for the tests: sharp, blurred, coarse; as photographs."""

import io
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter, ImageFont


@cache
def letter(*, blur: float = 0, size: tuple[int, int] = (1654, 2339), lines: int = 38) -> Image.Image:
    """A page of text as scanned at 200 dpi, or coarser for a smaller size."""
    page = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size[0] // 60)
    for line in range(lines):
        pen.text(
            (size[0] * 0.1, size[1] * (0.05 + line * 0.024)),
            "Certificat de travail fictif, fait pour servir et valoir ce que de droit",
            fill="black",
            font=font,
        )
    return page.filter(ImageFilter.GaussianBlur(blur)) if blur else page


def photo(page: Image.Image, *, kind: str = "JPEG", orientation: int = 0) -> bytes:
    """Its bytes, with metadata a phone would write."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Téléphone fictif".encode("ascii", "ignore").decode()
    if orientation:
        exif[0x0112] = orientation
    page.save(out, kind, exif=exif)
    return out.getvalue()


@cache
def paper(*, lines: int = 12, pages: int = 1) -> bytes:
    """A PDF of text that passes every check; another number of lines makes another file."""
    out = io.BytesIO()
    first, *others = [letter(size=(827, 1169), lines=lines + number) for number in range(pages)]
    first.save(out, "PDF", save_all=True, append_images=others, resolution=100)
    return out.getvalue()


def sent(name: str = "JustifDomicile_Avril2025.pdf", **shape: int) -> SimpleUploadedFile:
    """The same as a file of a form."""
    return SimpleUploadedFile(name, paper(**shape), "application/pdf")
