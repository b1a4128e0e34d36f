"""Several PDF in one field of a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from iprof.correspondence.files import CheckedFile, RefusedFile, check_pdf


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


def read_each(uploads: Iterable[UploadedFile[Any]]) -> tuple[list[CheckedFile], list[str]]:
    """(those that pass, the sentences of the others)."""
    checked, refused = [], []
    for upload in uploads:
        try:
            checked.append(check_pdf(upload))
        except RefusedFile as error:
            refused.append(str(error))
    return checked, refused


class FilesField(forms.FileField):
    """Gives the list of CheckedFile; each refusal is a sentence of its own. No more than one beyond `at_most` is read."""

    def __init__(self, *, at_most: int, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"accept": "application/pdf"}), **kwargs)
        self.at_most = at_most

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        checked, refused = read_each(uploads[: self.at_most + 1])
        if refused:
            raise ValidationError(refused)
        return checked
