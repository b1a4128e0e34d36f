"""« Échanges »: a teacher and their gestionnaire, in writing. Always one's own threads; anyone else's do not exist."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from iprof.correspondence.enums import ThreadKind
from iprof.correspondence.forms.threads import DialogueForm
from iprof.correspondence.selectors.threads import threads_of
from iprof.correspondence.services.threads import open_dialogue
from iprof.correspondence.subjects import Subject, find_subject, is_followed
from iprof.correspondence.thread_words import explain_owner, refusal_status
from iprof.correspondence.typed import given_back, keeps_typed
from iprof.correspondence.views.conversation import conversation, joined_file
from iprof.kernel.errors import DomainError
from security.people import signed_in

PER_PAGE = 20


def with_manager(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 with a clear page for an account whose file no gestionnaire follows."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_followed(signed_in(request)):
            return render(request, "correspondence/thread_nobody.html", status=404)
        return view(request, *args, **kwargs)

    return wrapped


@require_safe
@with_manager
def thread_list(request: HttpRequest) -> HttpResponse:
    rows = threads_of(signed_in(request), ThreadKind.DIALOGUE)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "correspondence/thread_list.html", {"page": page})


@sensitive_post_parameters("message", "sujet")
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
@with_manager
def thread_new(request: HttpRequest) -> HttpResponse:
    """What it is about may be named by the address (`nature`, `ref`); 404 for an object of someone else."""
    by = signed_in(request)
    if request.method != "POST":
        initial = request.GET.dict() | given_back(request)
        return _new_page(request, DialogueForm(by=by, initial=initial), _about(request, initial))
    form = DialogueForm(request.POST, request.FILES, by=by)
    about = _about(request, request.POST.dict())
    if not form.is_valid():
        form.keep_files()
        return _new_page(request, form, about, status=400)
    try:
        thread = open_dialogue(by=by, subject=form.cleaned_data["sujet"], written=form.written, about=about)
    except DomainError as error:
        form.add_error(None, explain_owner(error))
        form.keep_files()
        return _new_page(request, form, about, status=refusal_status(error))
    messages.success(request, "Votre message est envoyé à votre gestionnaire.")
    return redirect(thread)


def _about(request: HttpRequest, named: dict[str, str]) -> Subject | None:
    kind, ref = named.get("nature", "")[:20], named.get("ref", "")[:80]
    if not kind:
        return None
    found = find_subject(signed_in(request), kind, ref) if "\x00" not in kind + ref else None
    if found is None:
        raise Http404
    return found


def _new_page(request: HttpRequest, form: DialogueForm, about: Subject | None, status: int = 200) -> HttpResponse:
    context = {"form": form, "about": about, "delay_days": settings.DIALOGUE_DELAY_DAYS}
    return render(request, "correspondence/thread_form.html", context, status=status)


@sensitive_post_parameters("message")
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
def thread_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    thread = get_object_or_404(threads_of(signed_in(request), ThreadKind.DIALOGUE), public_id=public_id)
    return conversation(request, thread, "correspondence/thread_detail.html")


@require_safe
def thread_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    thread = get_object_or_404(threads_of(signed_in(request), ThreadKind.DIALOGUE), public_id=public_id)
    return joined_file(thread, file_id)
