"""Several PDF in one field of a form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from iprof.correspondence.files import CheckedFile, RefusedFile, check_pdf


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Gives the list of CheckedFile; each refusal is a sentence of its own. No more than one beyond `at_most` is read."""

    def __init__(self, *, at_most: int, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"accept": "application/pdf"}), **kwargs)
        self.at_most = at_most

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        checked, refused = [], []
        for upload in uploads[: self.at_most + 1]:
            try:
                checked.append(check_pdf(upload))
            except RefusedFile as error:
                refused.append(str(error))
        if refused:
            raise ValidationError(refused)
        return checked
