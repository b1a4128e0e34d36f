"""What is looked for in « Mes documents »."""

from django import forms

from documents.enums import DocumentState
from documents.selectors.own import EXPIRED
from iprof.correspondence.forms.words import NUL

STATES = [
    ("", "Tous"),
    (DocumentState.KEPT.value, "Déposés"),
    (EXPIRED, "Périmés"),
    (DocumentState.CHECKING.value, "En cours de contrôle"),
    (DocumentState.CONSENT.value, "Votre accord est attendu"),
    (DocumentState.REFUSED.value, "Refusés aux contrôles"),
]
MOST = 120  # characters


class LookForm(forms.Form):
    """In the address of the page. What is absent filters nothing."""

    choices_only = True  # no field says that it is optional

    mots = forms.CharField(
        label="Titre, type ou nom du fichier",
        required=False,
        max_length=MOST,
        error_messages={
            "max_length": f"Votre recherche fait %(show_value)d caractères, {MOST} au plus. Gardez un ou deux mots.",
            "null_characters_not_allowed": NUL,
        },
    )
    etat = forms.ChoiceField(
        label="État",
        choices=STATES,
        required=False,
        error_messages={"invalid_choice": "Cet état n'existe pas. Choisissez-en un dans la liste."},
    )
