"""What is typed to ask something of one's own data."""

from typing import Any

from django import forms

from documents.enums_privacy import PrivacyKind
from documents.models import Document
from documents.selectors.rights import open_to_deletion
from iprof.correspondence.forms.threads import PlainText
from iprof.correspondence.forms.words import NUL, without_numen
from iprof.web.forms import set_choices
from security.models import User

MESSAGE_MAX = 2_000
no_numen = without_numen("il est confidentiel, et la demande n'en a pas besoin.")


class PrivacyRequestForm(forms.Form):
    """`chosen`: the documents whose early deletion is asked."""

    demande = forms.ChoiceField(
        label="Que demandez-vous ?",
        choices=[("", "Choisir…"), *PrivacyKind.choices],
        error_messages={
            "required": "La demande n'est pas choisie. Choisissez-en une dans la liste.",
            "invalid_choice": "Cette demande n'est pas dans la liste. Choisissez-en une dans la liste.",
        },
    )
    documents = forms.MultipleChoiceField(
        label="Documents à supprimer",
        required=False,
        help_text="Seulement pour une suppression anticipée.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Un document choisi n'est plus dans la liste : il est détruit, ou déjà dans une demande. Choisissez de nouveau."
        },
    )
    message = PlainText(
        label="Votre explication",
        max_length=MESSAGE_MAX,
        validators=[no_numen],
        help_text="De quelle donnée s'agit-il, et pourquoi. 2 000 caractères au plus.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "L'explication est vide. Dites de quelle donnée il s'agit et pourquoi vous le demandez.",
            "max_length": "Cette explication fait %(show_value)d caractères, 2 000 au plus. Raccourcissez-la.",
            "null_characters_not_allowed": NUL,
        },
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in open_to_deletion(owner)}
        set_choices(self, "documents", ((key, str(row)) for key, row in self.rows.items()))
        if not self.rows:
            del self.fields["documents"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        deletion = data.get("demande") == PrivacyKind.DELETION
        if deletion and not self.rows:
            self.add_error(
                "demande", "Aucun document ne peut être supprimé : vous n'en avez pas, ou une demande est en cours."
            )
        elif deletion and "documents" not in self.errors and not data.get("documents"):
            self.add_error("documents", "Aucun document n'est choisi. Cochez ceux dont vous demandez la suppression.")
        elif not deletion and data.get("documents"):
            self.add_error(
                "documents",
                "Ces documents ne servent qu'à une suppression anticipée. Décochez-les, ou changez la demande.",
            )
        return data

    @property
    def chosen(self) -> list[Document]:
        return [self.rows[key] for key in self.cleaned_data.get("documents", ())]
