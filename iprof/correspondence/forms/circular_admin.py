"""The form of a correspondence in the administration: what it says, to whom, with which files."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from iprof.correspondence.audience import Audience, provider
from iprof.correspondence.files import CheckedFile
from iprof.correspondence.forms.audience import CHOSEN, NOBODY, codes_of, misuse_of, several
from iprof.correspondence.forms.files import FilesField
from iprof.correspondence.models import Circular
from iprof.correspondence.models.circular_parts import FILES_MAX
from iprof.correspondence.rich_text import clean, plain
from iprof.correspondence.selectors.circulars import files_of
from iprof.web.forms import set_choices
from security.models import User

BODY_MAX = 20_000
TYPED = ("uais", "logins")
NAMED_AT_MOST = 5  # unknown codes named one by one; the rest are counted


def _lines(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=200_000,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 40, "class": "vLargeTextField", "spellcheck": "false"}),
        error_messages={"max_length": "Cette liste est trop longue. Choisissez plutôt un corps ou un département."},
    )


class CircularForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """`by` is set by the page: the audience is among the agents this person may write to."""

    by: ClassVar[User]

    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    everyone = forms.BooleanField(
        label="Tous les agents", required=False, help_text="Tous ceux de votre périmètre. Seul, sans autre critère."
    )
    departements = several("Départements", boxes=True)
    corps = several("Corps", boxes=True)
    grades = several("Grades", "Ctrl ou Cmd pour en choisir plusieurs.", size=8)
    disciplines = several("Disciplines", "Ctrl ou Cmd pour en choisir plusieurs.", size=8)
    uais = _lines("Établissements", "Un code UAI par ligne.")
    logins = _lines("Personnes nommées", "Un identifiant par ligne. Seules, sans autre critère.")
    pieces = FilesField(
        at_most=FILES_MAX,
        label="Pièces à joindre",
        required=False,
        help_text=f"PDF de moins de 3 Mo, {FILES_MAX} au plus en tout.",
    )
    retirer = forms.MultipleChoiceField(
        label="Pièces déjà jointes à retirer", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Circular
        fields = ("kind", "title", "reference", "body", "result", "deadline", "expects_act")
        help_texts: ClassVar = {
            "kind": "Un courrier individuel n'est annoncé par courriel que par un lien, sans son texte.",
            "body": "Texte simple, ou HTML simple : titres h3 et h4, paragraphes, listes, gras, liens https. 20 000 caractères au plus.",
            "result": "Promotion, mutation, avancement… : une seconde personne valide, et le courriel ne dit rien du contenu.",
            "deadline": "Les destinataires qui n'ont pas dit l'avoir fait reçoivent un rappel 30, 7 et 1 jours avant.",
            "expects_act": "La page propose « J'ai fait le nécessaire », aussi dès qu'une date est donnée.",
        }
        error_messages: ClassVar = {
            "title": {"required": "Donnez un titre : c'est l'objet du courriel et le nom dans la liste."},
            "body": {
                "required": "Écrivez le texte de la correspondance.",
                "max_length": "Le texte dépasse 20 000 caractères (%(show_value)s). Raccourcissez-le, ou joignez un PDF.",
            },
            "deadline": {"invalid": "Cette date n'existe pas. Écrivez-la ainsi : 31/12/2026."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in provider().choices().items():
            set_choices(self, name, choices)
        self.joined = files_of(self.instance.pk) if self.instance.pk else []
        set_choices(self, "retirer", [(str(row.position), row.attachment.name) for row in self.joined])
        if self.instance.pk:
            self.fields["version"].initial = self.instance.edited_at.isoformat()
        stored = self.instance.audience
        for name in ("everyone", *CHOSEN):
            self.fields[name].initial = stored.get(name)
        for name in TYPED:
            self.fields[name].initial = "\n".join(stored.get(name, []))

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if not plain(clean(body)):
            raise ValidationError(
                "Il ne reste rien de ce texte sans la mise en forme refusée. Écrivez-le en texte simple."
            )
        return body

    def clean_deadline(self) -> Any:
        deadline = self.cleaned_data["deadline"]
        if deadline is not None and deadline < timezone.localdate():
            raise ValidationError(
                "Cette date est passée : personne ne pourrait agir. Choisissez une date à venir, ou aucune."
            )
        return deadline

    def clean_uais(self) -> tuple[str, ...]:
        return codes_of(self.cleaned_data["uais"].upper())

    def clean_logins(self) -> tuple[str, ...]:
        return codes_of(self.cleaned_data["logins"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_version(data.get("version"))
        self._check_files(data)
        if not {"everyone", *CHOSEN, *TYPED} & set(self.errors):
            self._check_audience(self.audience_of(data))
        return data

    @staticmethod
    def audience_of(data: Mapping[str, Any]) -> Audience:
        codes = {name: tuple(data.get(name) or ()) for name in (*CHOSEN, *TYPED)}
        return Audience(everyone=bool(data.get("everyone")), **codes)

    @property
    def added(self) -> list[CheckedFile]:
        return cast(list[CheckedFile], self.cleaned_data.get("pieces") or [])

    @property
    def removed(self) -> set[int]:
        return {int(position) for position in self.cleaned_data.get("retirer", [])}

    def _check_version(self, seen: str | None) -> None:
        """Two people write at once: the second is told, and keeps what they typed."""
        if self.instance.pk and seen and seen != self.instance.edited_at.isoformat():
            who = self.instance.edited_by.get_full_name()
            self.add_error(
                None,
                f"{who} a modifié cette correspondance pendant que vous écriviez. Copiez ce que vous avez tapé, rechargez "
                "la page, puis reportez vos changements.",
            )

    def _check_files(self, data: Mapping[str, Any]) -> None:
        kept = len(self.joined) - len(data.get("retirer") or [])
        if kept + len(data.get("pieces") or []) > FILES_MAX:
            self.add_error("pieces", f"{FILES_MAX} pièces au plus. Retirez-en, ou rassemblez-les en un seul PDF.")

    def _check_audience(self, audience: Audience) -> None:
        if misuse := misuse_of(audience):
            self.add_error(*misuse)
        else:
            self._check_people(audience)

    def _check_people(self, audience: Audience) -> None:
        on = timezone.localdate()
        unknown = provider().unknown(audience, by=self.by, on=on)
        for name, what in (
            ("uais", "Aucun établissement n'a le code"),
            ("logins", "Aucun agent de votre périmètre n'a l'identifiant"),
        ):
            wrong = [code for code in unknown if code in getattr(audience, name)]
            for code in wrong[:NAMED_AT_MOST]:
                self.add_error(name, f"{what} « {code} ». Corrigez-le, ou retirez la ligne.")
            if len(wrong) > NAMED_AT_MOST:
                self.add_error(name, f"{len(wrong) - NAMED_AT_MOST} autres lignes de cette liste sont inconnues.")
        if not unknown and not provider().accounts(audience, by=self.by, on=on):
            self.add_error("everyone", NOBODY)
        self.instance.audience = audience.as_json()
