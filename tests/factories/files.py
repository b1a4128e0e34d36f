"""Small PDF files, made here."""

import io
from functools import cache

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from iprof.correspondence.files import CheckedFile


@cache
def pdf_bytes(*, pages: int = 1) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out)
    return out.getvalue()


def upload(name: str = "annexe.pdf", content: bytes | None = None, *, pages: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes(pages=pages) if content is None else content, "application/pdf")


def pdf(name: str = "annexe.pdf", pages: int = 1) -> CheckedFile:
    """As it is once checked: what makes the file is what counts its pages."""
    return CheckedFile(name, pdf_bytes(pages=pages), pages)
