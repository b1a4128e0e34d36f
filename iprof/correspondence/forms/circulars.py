"""The filters of « Correspondances »."""

from collections.abc import Mapping

from django import forms

from iprof.correspondence.selectors.circulars import ARCHIVED, DUE, UNREAD

WORDS_MAX = 100
VIEWS = [("", "Toutes"), (UNREAD, "Non lues"), (DUE, "Avec une échéance"), (ARCHIVED, "Archivées")]


class ListForm(forms.Form):
    """In the address. After validation, a wrong filter leaves the other at work."""

    choices_only = True  # no field says that it is optional
    mots = forms.CharField(
        label="Mots cherchés",
        max_length=WORDS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={
            "max_length": f"Cette recherche dépasse {WORDS_MAX} caractères. Gardez quelques mots du titre ou du texte.",
            "null_characters_not_allowed": "Cette recherche contient un caractère nul. Ressaisissez-la à la main.",
        },
    )
    vue = forms.ChoiceField(
        label="Montrer",
        choices=VIEWS,
        required=False,
        error_messages={"invalid_choice": "Ce tri n'existe pas. Choisissez-en un dans la liste."},
    )

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__({name: query.get(name, "") for name in ("mots", "vue")})
