"""The confirmation: read over, and what is missing accepted with what it costs."""

from typing import Any

from django import forms


class ConfirmForm(forms.Form):
    choices_only = True

    certifie = forms.BooleanField(
        label="J'ai relu ma demande et je la confirme.",
        error_messages={"required": "Cochez cette case pour confirmer votre demande."},
    )
    sans_pieces = forms.BooleanField(
        label="J'ai compris que des pièces manquent : je les dépose avant la date des pièces, sinon les points qu'elles prouvent ne sont pas accordés.",
        error_messages={
            "required": "Des pièces manquent : déposez-les, ou cochez cette case pour confirmer sans elles."
        },
    )

    def __init__(self, *args: Any, missing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not missing:
            del self.fields["sans_pieces"]
