"""The page of one thread for its owner, dialogue or ticket: read, write again, close, download."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from iprof.correspondence.domain.thread_states import last_day_to_reopen
from iprof.correspondence.enums import Satisfaction, ThreadKind
from iprof.correspondence.files import download
from iprof.correspondence.forms.threads import MessageForm
from iprof.correspondence.models import MessageFile, Thread
from iprof.correspondence.selectors.threads import due_node, messages_of, priority_node
from iprof.correspondence.services.threads import close_thread, write_message
from iprof.correspondence.thread_words import explain_owner, refusal_status
from iprof.correspondence.typed import given_back
from iprof.kernel.errors import DomainError
from security.people import signed_in

CLOSE = "clore"
CLOSED = {
    ThreadKind.DIALOGUE: "L'échange est clos. Un nouveau message le rouvre.",
    ThreadKind.SUPPORT: "La demande est close. Un nouveau message la rouvre.",
}


def conversation(request: HttpRequest, thread: Thread, template: str) -> HttpResponse:
    """`thread` is of the person signed in. POST writes, or closes (`action`); what was typed stays when it is refused."""
    if request.method != "POST":
        return _page(request, thread, template, MessageForm(by=signed_in(request), initial=given_back(request)))
    if request.POST.get("action") == CLOSE:
        return _close(request, thread)
    form = MessageForm(request.POST, request.FILES, by=signed_in(request))
    if not form.is_valid():
        return _again(request, thread, template, form, status=400)
    try:
        write_message(thread=thread, by=signed_in(request), written=form.written, seen=form.seen)
    except DomainError as error:
        form.add_error(None, explain_owner(error))
        thread.refresh_from_db()
        return _again(request, thread, template, form, status=refusal_status(error))
    messages.success(request, "Votre message est envoyé.")
    return redirect(thread)


def _close(request: HttpRequest, thread: Thread) -> HttpResponse:
    try:
        close_thread(thread=thread, by=signed_in(request), satisfaction=request.POST.get("resolu", ""))
    except DomainError as error:  # closed in another window
        messages.warning(request, explain_owner(error))
    else:
        messages.success(request, CLOSED[ThreadKind(thread.kind)])
    return redirect(thread)


def _again(request: HttpRequest, thread: Thread, template: str, form: MessageForm, status: int) -> HttpResponse:
    form.keep_files()
    return _page(request, thread, template, form, status=status)


def _page(request: HttpRequest, thread: Thread, template: str, form: MessageForm, status: int = 200) -> HttpResponse:
    written = messages_of(thread)
    reopens = last_day_to_reopen(timezone.localdate(thread.closed_at)) if thread.closed_at else None
    context = {
        "thread": thread,
        "written": written,
        "seen": len(written),
        "form": form,
        "due": due_node(thread) if thread.due_at else None,
        "priority": priority_node(thread) if thread.kind == ThreadKind.SUPPORT else None,
        "reopens_until": reopens,
        "may_write": reopens is None or timezone.localdate() <= reopens,
        "satisfactions": Satisfaction.choices,
    }
    return render(request, template, context, status=status)


def joined_file(thread: Thread, file_id: UUID) -> HttpResponse:
    """A file of this thread, and of no other. Whoever calls has checked whose thread it is."""
    files = MessageFile.objects.filter(message__thread=thread).select_related("attachment")
    return download(get_object_or_404(files, public_id=file_id).attachment)
