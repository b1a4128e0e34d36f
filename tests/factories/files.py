"""Small PDF files, made here."""

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from iprof.correspondence.files import CheckedFile, check_pdf


def pdf_bytes(*, pages: int = 1) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out)
    return out.getvalue()


def upload(name: str = "annexe.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes() if content is None else content, "application/pdf")


def pdf(name: str = "annexe.pdf") -> CheckedFile:
    """As it is once checked."""
    return check_pdf(upload(name))
