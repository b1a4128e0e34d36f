"""The form of « Ce message est-il vrai ? »."""

from django import forms

from security.domain.messages import MAX_TEXT


class CheckMessageForm(forms.Form):
    """A link, a mail address or a whole message. Read, judged, forgotten: nothing of it is kept."""

    texte = forms.CharField(
        label="Lien, adresse ou texte du message",
        max_length=MAX_TEXT,
        strip=False,  # what hides at the ends is part of what is judged
        help_text="Collez le lien sans l'ouvrir (clic droit, « Copier l'adresse du lien »), ou le message entier.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={
            "required": "Collez un lien, une adresse ou le texte du message : il n'y a rien à vérifier.",
            "max_length": "Ce texte dépasse 20 000 caractères. Collez seulement le lien ou le passage douteux.",
            "null_characters_not_allowed": "Ce texte contient un caractère nul, qu'aucun message normal ne contient : "
            "ne suivez pas ce lien. Collez le lien seul si vous voulez l'examiner.",
        },
    )
