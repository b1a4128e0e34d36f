"""What is typed in a thread: its first message, the next ones, a support ticket. Files of a form sent back are kept."""

import uuid
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from iprof.correspondence.domain.ticket_priority import TicketType
from iprof.correspondence.enums import TicketKind
from iprof.correspondence.files import CheckedFile
from iprof.correspondence.forms.files import FilesInput, read_each
from iprof.correspondence.forms.words import NUL, without_numen
from iprof.correspondence.models.threads import BODY_MAX, SUBJECT_MAX
from iprof.correspondence.selectors.threads import was_sent
from iprof.correspondence.services.thread_files import MOST, drafts_of, keep_drafts
from iprof.correspondence.services.threads import TicketFacts, Written
from iprof.correspondence.thread_words import FILE_GONE
from security.models import User

no_numen = without_numen("il est confidentiel, et personne n'en a besoin pour vous répondre.")
SALT = "correspondence.typed"
TOKEN_SECONDS = 86_400
TOO_MANY = f"Un message porte {MOST} fichiers au plus. Retirez-en, ou envoyez les autres dans un second message."


class PlainText(forms.CharField):
    """Lines end as one character each: browsers send two, which would count against whoever writes."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class PdfFiles(forms.FileField):
    """Up to MOST files, each read at once. `clean` gives those accepted and the sentences of the others."""

    widget = FilesInput(attrs={"accept": "application/pdf,.pdf"})

    def clean(self, data: Any, initial: Any = None) -> tuple[list[CheckedFile], list[str]]:
        uploads = [one for one in data or [] if isinstance(one, UploadedFile)]
        accepted, refused = read_each(uploads[:MOST])
        return accepted, refused + ([TOO_MANY] if len(uploads) > MOST else [])


class MessageForm(forms.Form):
    """One message of `by`. `drafts` are the files kept aside that the form still holds (`gardees`)."""

    message = PlainText(
        label="Votre message",
        max_length=BODY_MAX,
        validators=[no_numen],
        help_text="Texte simple, 5 000 caractères au plus. Ni mot de passe, ni NUMEN, ni donnée de santé.",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "Le message est vide. Écrivez votre question ou ce qui ne va pas.",
            "max_length": "Ce message fait %(show_value)d caractères, 5 000 au plus. Raccourcissez-le, ou joignez un PDF.",
            "null_characters_not_allowed": NUL,
        },
    )
    pieces = PdfFiles(
        label="Pièces jointes",
        required=False,
        help_text="PDF de moins de 3 Mo, trois au plus.",
    )
    jeton = forms.CharField(required=False, widget=forms.HiddenInput)
    vu = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.accepted, self.refused = by, list[CheckedFile](), list[str]()
        self.held = set(self.data.getlist("gardees")) if self.is_bound else set[str]()  # type: ignore[attr-defined]  # a QueryDict
        self.drafts = list(drafts_of(by, uuids(self.held))) if self.held else []

    def clean_pieces(self) -> None:
        self.accepted, self.refused = self.cleaned_data["pieces"]
        refused = list(self.refused)
        if self._lost_files():
            refused.append(FILE_GONE)
        if not refused and len(self.accepted) + len(self.drafts) > MOST:
            refused = [TOO_MANY]
        if refused:
            raise ValidationError(refused)

    def _lost_files(self) -> bool:
        """Whether files the form holds are gone; those of a page sent twice went with its message."""
        gone = len(self.drafts) < len(self.held)
        return gone and not was_sent(self.by, read_token(self.data.get("jeton", ""), self.by))

    def keep_files(self) -> None:
        """The form is sent back: its good files are kept aside and shown as such, with those still there."""
        if self.accepted:
            self.drafts += keep_drafts(by=self.by, files=self.accepted)[: max(0, MOST - len(self.drafts))]
            self.accepted = []
        if self.drafts:
            self.drafts = list(drafts_of(self.by, [draft.public_id for draft in self.drafts]))

    @property
    def held_token(self) -> str:
        """What the page holds: shown again, the same page has the same token."""
        held = self.data.get("jeton", "") if self.is_bound else ""
        return held if read_token(held, self.by) else new_token(self.by)

    @property
    def seen(self) -> int | None:
        seen: int | None = self.cleaned_data["vu"]
        return seen

    @property
    def written(self) -> Written:
        """After validation."""
        token = read_token(self.cleaned_data["jeton"], self.by) or uuid.uuid4()
        return Written(self.cleaned_data["message"], token, tuple(self.accepted), tuple(self.drafts))


class SubjectForm(MessageForm):
    sujet = forms.CharField(
        label="Objet",
        max_length=SUBJECT_MAX,
        validators=[no_numen],
        help_text="En quelques mots.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "L'objet est vide. Dites en quelques mots de quoi il s'agit.",
            "max_length": f"Cet objet dépasse {SUBJECT_MAX} caractères. Gardez l'essentiel, le message dira le reste.",
            "null_characters_not_allowed": NUL,
        },
    )


class DialogueForm(SubjectForm):
    """`nature` and `ref` name the object the thread is about, if any: the view finds it among the person's own."""

    nature = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    ref = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class TicketForm(SubjectForm):
    type = forms.ChoiceField(
        label="Type de problème",
        choices=[("", "Choisissez"), *TicketKind.choices],
        error_messages={
            "required": "Le type n'est pas choisi : il dit à qui confier la demande. Choisissez-en un.",
            "invalid_choice": "Ce type n'existe pas. Choisissez-en un dans la liste.",
        },
    )
    echeance = forms.DateField(
        label="Échéance qui vous presse",
        required=False,
        help_text="La date avant laquelle il faut que cela fonctionne.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Cette date n'est pas comprise. Écrivez-la comme 02/12/2026, ou laissez vide."},
    )
    page = forms.CharField(
        label="Page concernée",
        max_length=300,
        required=False,
        validators=[no_numen],
        help_text="Son adresse ou son titre.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "max_length": "Cette adresse dépasse 300 caractères. Donnez plutôt le titre de la page.",
            "null_characters_not_allowed": NUL,
        },
    )
    technique = forms.BooleanField(
        label="Joindre le nom de mon navigateur et de mon système",
        required=False,
        help_text="Rien d'autre n'est relevé : ni mot de passe, ni NUMEN, ni contenu de page.",
    )

    def clean_echeance(self) -> Any:
        day = self.cleaned_data["echeance"]
        if day and day < timezone.localdate():
            raise ValidationError("Cette échéance est passée. Indiquez une date à venir, ou laissez vide.")
        return day

    def facts(self, browser: str) -> TicketFacts:
        """After validation. `browser` is told only when the box is ticked."""
        data = self.cleaned_data
        said = browser[:300] if data["technique"] else ""
        return TicketFacts(TicketType(data["type"]), data["echeance"], data["page"], said)


def new_token(by: User) -> str:
    """Names one page shown to one person."""
    return signing.dumps([uuid.uuid4().hex, by.pk], salt=SALT)


def read_token(token: str, by: User | None = None) -> uuid.UUID | None:
    """None for what the portal did not write, wrote for someone else, or wrote more than a day ago."""
    try:
        name, owner = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
        return uuid.UUID(name) if by is None or owner == by.pk else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def uuids(values: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for value in islice(values, 2 * MOST):
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found
