"""Forms of « Ma carrière »."""

from django import forms

from career.enums import FactKind

MESSAGE_MIN, MESSAGE_MAX = 10, 2000
ORDERS = [("chronologique", "Du plus ancien au plus récent"), ("recent", "Du plus récent au plus ancien")]
KINDS = [choice for choice in FactKind.choices if choice[0] != FactKind.IDENTITY]


class HistoryFilterForm(forms.Form):
    """Filters of the history, in the address: a wrong value says so and filters nothing."""

    nature = forms.ChoiceField(label="Nature", required=False)
    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)
    ordre = forms.ChoiceField(label="Ordre", required=False, choices=ORDERS)

    def __init__(self, *args, years: list[int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [("", "Toutes"), *KINDS]
        self.fields["annee"].choices = [("", "Toutes"), *((year, str(year)) for year in years)]


class TargetForm(forms.Form):
    """What a request is about, as the links of the history give it."""

    nature = forms.ChoiceField(choices=FactKind.choices, required=False)
    ref = forms.CharField(max_length=60, required=False, strip=False)


class CorrectionForm(forms.Form):
    """The explanation, and the nature when an element is missing."""

    nature = forms.ChoiceField(label="Nature de l'élément manquant", choices=[("", "Choisissez"), *KINDS])
    message = forms.CharField(
        label="Votre explication",
        help_text=f"Ce qui est faux ou manquant, et ce qui serait juste. De {MESSAGE_MIN} à {MESSAGE_MAX} caractères. "
        "N'indiquez ni NUMEN, ni donnée de santé.",
        min_length=MESSAGE_MIN,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Expliquez l'erreur : sans explication, votre gestionnaire ne peut pas répondre.",
            "min_length": f"L'explication est trop courte : écrivez au moins {MESSAGE_MIN} caractères.",
            "max_length": f"L'explication est trop longue : gardez au plus {MESSAGE_MAX} caractères (%(show_value)s saisis).",
        },
    )

    def __init__(self, *args, about_fact: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if about_fact:
            del self.fields["nature"]
