"""« Choix des académies »: the list as it stands on the page, and what is asked of it (T15, E23)."""

from typing import Any

from django import forms

from mobility.domain.facts import Degree
from mobility.selectors.places import found_place, is_outside, place_words, places

ADD, UP, DOWN, REMOVE, KEEP = "ajouter", "monter", "descendre", "retirer", "enregistrer"
WANTED = {
    Degree.SECOND: "Tapez le nom d'une académie, ou choisissez-la dans la liste.",
    Degree.FIRST: "Tapez le nom ou le numéro d'un département, ou choisissez-le dans la liste.",
}
UNKNOWN = {Degree.SECOND: "d'aucune académie", Degree.FIRST: "d'aucun département"}
LABELS = {Degree.SECOND: "Nom de l'académie", Degree.FIRST: "Nom ou numéro du département"}
TAMPERED = "Un des vœux envoyés n'est pas un lieu de ce mouvement : il est écarté. Vérifiez la liste."
OUTSIDE = "« {} » n'est pas dans ce mouvement : c'est une autre procédure. Voyez les dispositifs spécifiques."
TWICE = "« {} » est déjà votre vœu {} : un lieu ne se demande qu'une fois. Changez son rang, ou choisissez-en un autre."
FULL = "{} vœux au plus : retirez-en un avant d'en ajouter un autre."


class VoeuxForm(forms.Form):
    """`lieu` is what is typed to be added; the list itself comes as repeated hidden fields `voeu`, in their order.

    After validation, `voeux` is the list to save; before, and when something is wrong, the list as it was sent.
    """

    choices_only = True  # an empty name is refused by « Ajouter » alone

    lieu = forms.CharField(
        label="Lieu",
        required=False,
        max_length=60,
        error_messages={
            "max_length": "Ce nom est trop long pour être celui d'un lieu. Choisissez dans la liste.",
            "null_characters_not_allowed": "Ce nom contient un caractère nul. Ressaisissez-le à la main.",
        },
    )

    def __init__(self, *args: Any, degree: Degree, most: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.degree, self.most = degree, most
        self.fields["lieu"].label = LABELS[degree]
        self.fields["lieu"].help_text = WANTED[degree]
        self.fields["lieu"].widget.attrs = {"list": "lieux", "autocomplete": "off"}
        sent = self.data.getlist("voeu") if hasattr(self.data, "getlist") else []
        self.voeux = [place for place in sent if place in places(degree)]
        self.tampered = len(sent) != len(self.voeux)

    @property
    def act(self) -> tuple[str, str]:
        """(what, of which): « monter », « 2 »; saving what is there when nothing is told."""
        what, _, which = str(self.data.get("acte", KEEP)).partition(":")
        return what, which

    def clean(self) -> dict[str, Any]:
        if self.tampered:
            self.add_error(None, TAMPERED)
        what, which = self.act
        if what == ADD:
            self._add(which or self.cleaned_data.get("lieu", ""))
        elif which.isdecimal() and which.isascii() and 1 <= int(which) <= len(self.voeux):
            self._move(what, int(which) - 1)
        self._check_list()
        return self.cleaned_data

    def _add(self, typed: str) -> None:
        if "lieu" in self.errors:
            return
        place = found_place(self.degree, typed)
        if problem := self._problem(typed, place):
            self.add_error("lieu", problem)
        else:
            self.voeux.append(place)

    def _problem(self, typed: str, place: str) -> str:
        """Why it cannot be added; empty when it can."""
        if not typed.strip():
            return f"Rien n'est choisi. {WANTED[self.degree]}"
        if is_outside(self.degree, typed):
            return OUTSIDE.format(typed)
        if not place:
            return f"« {typed} » n'est le nom {UNKNOWN[self.degree]} du mouvement. {WANTED[self.degree]}"
        if place in self.voeux:
            return TWICE.format(place_words(self.degree, place), self.voeux.index(place) + 1)
        return FULL.format(self.most) if self.most is not None and len(self.voeux) >= self.most else ""

    def _move(self, what: str, place: int) -> None:
        target = {UP: place - 1, DOWN: place + 1}.get(what)
        if what == REMOVE:
            del self.voeux[place]
        elif target is not None and 0 <= target < len(self.voeux):
            self.voeux[place], self.voeux[target] = self.voeux[target], self.voeux[place]

    def _check_list(self) -> None:
        """What the buttons cannot make, and a page changed by hand can."""
        if len(set(self.voeux)) != len(self.voeux):
            self.add_error(None, "Un lieu est demandé deux fois : retirez-en un, un lieu ne se demande qu'une fois.")
        if self.most is not None and len(self.voeux) > self.most:
            self.add_error(None, f"{len(self.voeux)} vœux sont choisis, {self.most} au plus : retirez-en.")


def revision_of(data: Any) -> int:
    """The revision a page was made from; -1, older than any, when it does not say."""
    sent = str(data.get("revision", ""))
    return int(sent) if sent.isdecimal() and sent.isascii() and len(sent) < 10 else -1
