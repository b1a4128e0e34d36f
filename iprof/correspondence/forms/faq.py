"""The search of « Aide »."""

from django import forms

from iprof.correspondence.selectors.faq import LONGEST


class HelpSearchForm(forms.Form):
    """In the address, so that an answer can be sent to a colleague."""

    choices_only = True  # no field says that it is optional

    q = forms.CharField(
        label="Votre question",
        max_length=LONGEST,
        help_text="Quelques mots suffisent. N'écrivez ni nom, ni NUMEN.",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={
            "required": "Le champ est vide : écrivez un ou deux mots de votre question.",
            "max_length": f"Votre question dépasse {LONGEST} caractères. Gardez-en l'essentiel.",
            "null_characters_not_allowed": "Votre question contient un caractère nul, qui ne s'affiche pas. Ressaisissez-la à la main.",
        },
    )
