"""What a person of the service types about one piece."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from documents.domain.reviews import Reason
from documents.services.review import COMMENT_MAX, Decision
from iprof.correspondence.forms.words import NUL, without_numen
from iprof.kernel.errors import DomainError
from iprof.web.forms import set_choices

LATER, ACCEPT, REFUSE, ASK = "", "accepter", "refuser", "demander"
ACTS = {
    LATER: "Ne rien décider maintenant",
    ACCEPT: "Accepter",
    REFUSE: "Refuser, pour un motif",
    ASK: "Demander un autre document",
}
AT_THE_FIELD = {
    "review_reason": ("motif", "Le motif manque : l'agent doit savoir pourquoi. Choisissez-le dans la liste."),
    "review_comment": ("precision", "Ce motif ne suffit pas à l'agent. Écrivez en une phrase ce qu'il doit faire."),
    "review_twice": (
        "decision",
        "Vous l'avez déjà acceptée, ou elle l'est déjà : une autre personne doit le faire, ou rien n'est à faire.",
    ),
}


class PieceForm(forms.Form):
    """`reasons` are those of the procedure; `prefix` carries the key of the piece."""

    choices_only = True
    decision = forms.ChoiceField(
        label="Décision",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Cette décision n'existe pas. Choisissez-en une dans la liste."},
    )
    motif = forms.ChoiceField(
        label="Motif du refus",
        required=False,
        error_messages={
            "invalid_choice": "Ce motif n'existe pas dans cette procédure. Choisissez-en un dans la liste."
        },
    )
    precision = forms.CharField(
        label="Précision lue par l'agent",
        required=False,
        max_length=COMMENT_MAX,
        validators=[without_numen("l'agent n'en a pas besoin pour vous comprendre.")],
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "max_length": f"La précision dépasse {COMMENT_MAX} caractères. Raccourcissez-la.",
            "null_characters_not_allowed": NUL,
        },
    )
    vu = forms.IntegerField(required=False, min_value=0, max_value=10**6, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None, *, use: int, seen: int, reasons: tuple[Reason, ...], may_accept: bool
    ) -> None:
        super().__init__(data, prefix=f"piece-{use}", initial={"decision": LATER, "vu": seen})
        self.use, self.reasons = use, reasons
        acts = [(code, label) for code, label in ACTS.items() if may_accept or code != ACCEPT]
        set_choices(self, "decision", acts)
        refusals = [(reason.code, reason.label) for reason in reasons if not reason.asks]
        set_choices(self, "motif", [("", "Choisir…"), *refusals])

    @property
    def decides(self) -> bool:
        return bool(self.cleaned_data.get("decision"))

    @property
    def prepared(self) -> bool:
        """Whether something else than an acceptance was chosen or typed."""
        typed = {
            name: str(self.data.get(self.add_prefix(name), "")).strip() for name in ("decision", "motif", "precision")
        }
        return typed["decision"] not in ("", LATER, ACCEPT) or bool(typed["motif"] or typed["precision"])

    @property
    def made(self) -> Decision:
        """After validation. What is missing, the service refuses."""
        act, typed = self.cleaned_data["decision"], self.cleaned_data
        asked = next((reason.code for reason in self.reasons if reason.asks), "")
        reason = {ACCEPT: "", REFUSE: typed["motif"], ASK: asked}[act]
        return Decision(self.use, act == ACCEPT, typed["vu"] or 0, reason, typed["precision"])

    def explain(self, error: DomainError) -> bool:
        """Puts the sentence at its field. False for an error that is of no field."""
        field, sentence = AT_THE_FIELD.get(error.code, ("", ""))
        if field:
            self.add_error(field, sentence)
        return bool(field)
