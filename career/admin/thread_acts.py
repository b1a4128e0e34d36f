"""What staff do on the page of a thread, one button each: answer, take up, hand over, note, close, start from a template."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from iprof.correspondence.forms.threads import BODY_MAX, MessageForm
from iprof.correspondence.models import Thread
from iprof.correspondence.selectors.threads import templates_for
from iprof.correspondence.services.threads import add_note, close_thread, hand_over, reply, take_up
from iprof.kernel.errors import DomainError
from security.models import User

NOTE_MAX = 2_000
TYPED_WRONG = frozenset({"thread_note_empty", "thread_colleague", "thread_template"})
TO_BE_WRITTEN = frozenset({"repondre", "modele"})  # a reply refused, or just begun: the page comes back with it
DONE = {
    "repondre": "La réponse est envoyée. L'agent en est averti.",
    "prendre": "Vous suivez cet échange. Votre nom est affiché à l'agent.",
    "transmettre": "L'échange est transmis à votre collègue.",
    "noter": "La note est ajoutée. L'agent ne la voit pas.",
    "clore": "L'échange est clos. L'agent peut le rouvrir pendant trente jours.",
}


class ReplyForm(MessageForm):
    """The answer of staff, with its files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = "Réponse à l'agent"
        self.fields["message"].error_messages["required"] = "La réponse est vide. Écrivez ce que l'agent doit savoir."
        self.fields["message"].widget = forms.Textarea(attrs={"rows": 8, "cols": 60, "class": "vLargeTextField"})

    def start_from(self, template: str) -> None:
        """Adds the text of a template under what is already typed."""
        typed = f"{self.data.get('message', '').rstrip()}\n\n{template}".strip()[:BODY_MAX]
        self.data = cast(QueryDict, self.data).copy()
        self.data["message"] = typed

    def put_by(self) -> "ReplyForm":
        """The answer as it stands, when another button of the page was used: kept, and not judged."""
        self.is_valid()
        self.keep_files()
        again = ReplyForm(by=self.by, initial={"message": self.data.get("message", "")})
        again.drafts = self.drafts
        return again


def act(request: HttpRequest, thread: Thread, by: User, form: ReplyForm, colleagues: QuerySet[User]) -> str:
    """Does what `decision` asks; the sentence that says so, empty when nothing is done yet. Raises DomainError."""
    name = request.POST.get("decision", "")
    if name == "modele":
        form.start_from(_template(thread, request.POST.get("modele", "")))
        return ""
    acts: dict[str, Callable[[], object]] = {
        "repondre": lambda: reply(thread=thread, by=by, written=form.written, seen=form.seen),
        "prendre": lambda: take_up(thread=thread, by=by),
        "transmettre": lambda: hand_over(thread=thread, by=by, to=_colleague(request, colleagues)),
        "noter": lambda: add_note(thread=thread, by=by, text=note_typed(request)),
        "clore": lambda: close_thread(thread=thread, by=by),
    }
    if name not in acts or (name == "repondre" and not form.is_valid()):
        return ""
    acts[name]()
    return DONE[name]


def is_reply(request: HttpRequest) -> bool:
    return request.POST.get("decision") == "repondre"


def note_typed(request: HttpRequest) -> str:
    return request.POST.get("note", "").replace("\x00", "").replace("\r\n", "\n")[:NOTE_MAX]


def _template(thread: Thread, typed: str) -> str:
    found = templates_for(thread.kind).filter(pk=_number(typed)).first()
    if found is None:
        raise DomainError("thread_template")
    return found.body


def _colleague(request: HttpRequest, colleagues: QuerySet[User]) -> User:
    found = colleagues.filter(pk=_number(request.POST.get("collegue", ""))).first()
    if found is None:
        raise DomainError("thread_colleague")
    return found


def _number(typed: str) -> int:
    """0, which no row has, for what is no key."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
