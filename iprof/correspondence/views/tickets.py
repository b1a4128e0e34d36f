"""« Support » (requirement S87): a problem that lasts is told to the support team, which answers in a promised time."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from iprof.correspondence.enums import ThreadKind, TicketPriority
from iprof.correspondence.forms.threads import TicketForm
from iprof.correspondence.selectors.faq import search
from iprof.correspondence.selectors.threads import threads_of
from iprof.correspondence.services.threads import open_ticket
from iprof.correspondence.thread_words import explain_owner, refusal_status
from iprof.correspondence.typed import given_back, keeps_typed
from iprof.correspondence.views.conversation import conversation, joined_file
from iprof.kernel.errors import DomainError
from security.people import signed_in

PER_PAGE = 20
ANSWERS = 3  # of the help, proposed before the sending


@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    rows = threads_of(signed_in(request), ThreadKind.SUPPORT)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "correspondence/ticket_list.html", {"page": page, "before": _page_before(request)})


@sensitive_post_parameters("message", "sujet")
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
def ticket_new(request: HttpRequest) -> HttpResponse:
    """Sent, or first compared with the answers of the help (`etape` = « aide »), when some match."""
    by = signed_in(request)
    if request.method != "POST":
        before = request.GET.get("page", "").replace("\x00", "")[:300] or _page_before(request)
        initial = {"page": before} | given_back(request)
        return _form_page(request, TicketForm(by=by, initial=initial))
    form = TicketForm(request.POST, request.FILES, by=by)
    if not form.is_valid():
        return _form_page(request, form, status=400)
    if request.POST.get("etape") == "aide":
        subject, message = form.cleaned_data["sujet"], form.cleaned_data["message"]
        if answers := search(subject, ANSWERS) or search(message, ANSWERS):
            return _form_page(request, form, answers=answers)
    return _file(request, form)


def _file(request: HttpRequest, form: TicketForm) -> HttpResponse:
    facts = form.facts(request.headers.get("User-Agent", ""))
    try:
        ticket = open_ticket(
            by=signed_in(request), subject=form.cleaned_data["sujet"], written=form.written, facts=facts
        )
    except DomainError as error:
        form.add_error(None, explain_owner(error))
        return _form_page(request, form, status=refusal_status(error))
    messages.success(request, "Votre demande est enregistrée.")
    return redirect(ticket)


def _form_page(request: HttpRequest, form: TicketForm, *, status: int = 200, answers: object = ()) -> HttpResponse:
    form.keep_files()
    delays = [(label, settings.SUPPORT_DELAY_HOURS[code]) for code, label in TicketPriority.choices]
    context = {"form": form, "answers": answers, "delays": delays}
    return render(request, "correspondence/ticket_form.html", context, status=status)


def _page_before(request: HttpRequest) -> str:
    """The page of the portal the reader comes from, which is most often the one that fails. Without what was asked of it."""
    before = urlsplit(request.headers.get("Referer", ""))
    elsewhere = before.netloc == request.get_host() and not before.path.startswith(
        reverse("correspondence:ticket_list")
    )
    return before.path[:300] if elsewhere else ""


@sensitive_post_parameters("message")
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
def ticket_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket = get_object_or_404(threads_of(signed_in(request), ThreadKind.SUPPORT), public_id=public_id)
    return conversation(request, ticket, "correspondence/ticket_detail.html")


@require_safe
def ticket_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    ticket = get_object_or_404(threads_of(signed_in(request), ThreadKind.SUPPORT), public_id=public_id)
    return joined_file(ticket, file_id)


@login_not_required
@require_safe
def sign_in_help(request: HttpRequest) -> HttpResponse:
    """« Je ne peux pas me connecter »: whoever cannot sign in cannot file a ticket; what to try, then whom to call."""
    return render(request, "correspondence/sign_in_help.html")
