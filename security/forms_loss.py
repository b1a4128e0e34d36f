"""The form of a lost second factor."""

from typing import Any

from django import forms

from security.forms import current_password
from security.forms_factors import MailCodeForm


class LossForm(MailCodeForm):
    """The code of the mailbox, and what happened: staff read it before they check the identity."""

    reason = forms.CharField(
        label="Que s'est-il passé ?",
        max_length=300,
        help_text="Lu par la personne qui vérifiera votre identité. 300 caractères au plus.",
        error_messages={
            "required": "Dites ce qui s'est passé : appareil perdu, volé, cassé, remplacé…",
            "max_length": "300 caractères au plus : raccourcissez.",
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["reason", "code"])


class LossHereForm(LossForm):
    """The password too, for whoever is already signed in."""

    password = current_password("Mot de passe", missing="Saisissez votre mot de passe.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["reason", "password", "code"])
