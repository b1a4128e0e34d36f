"""« Par procédure »: what each asks for, what one has, what is missing; the sending itself, checked once more."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from documents.domain.procedures import procedures
from documents.forms.sending import SendingForm
from documents.selectors.own import documents_of
from documents.selectors.procedures import Checklist, checklist, checklists
from documents.services.submit import Incomplete, obstacles, submit
from documents.views.access import own_documents
from security.people import signed_in

AGAIN, SEND = "modifier", "envoyer"
STEPS = ((SEND, "Transmettre les pièces", ""), (AGAIN, "Modifier", " fr-btn--secondary"))


@require_safe
@own_documents
def procedure_list(request: HttpRequest) -> HttpResponse:
    found = checklists(documents_of(signed_in(request)), on=timezone.localdate())
    context = {
        "here": [one for one in found if one.law.by_portal],
        "elsewhere": [one for one in found if not one.law.by_portal],
    }
    return render(request, "documents/procedures.html", context)


@sensitive_post_parameters("message")
@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """The pieces of one procedure. Chosen, then read over, then sent: the first sending only, however often it is asked."""
    law = procedures().get(code)
    if law is None:
        raise Http404
    found = checklist(law, documents_of(signed_in(request)), on=timezone.localdate())
    if not law.by_portal:
        return render(request, "documents/procedure_elsewhere.html", {"found": found})
    if request.method != "POST":
        return _page(request, found, SendingForm(pieces=found.pieces))
    form = SendingForm(request.POST, pieces=found.pieces)
    step = request.POST.get("etape", "")
    if step == AGAIN:
        return _page(request, found, SendingForm(initial=_typed(request, form), pieces=found.pieces))
    if not form.is_valid():
        return _page(request, found, form, status=400)
    return _sent(request, found, form) if step == SEND else _recap(request, found, form)


def _typed(request: HttpRequest, form: SendingForm) -> dict[str, object]:
    """What was chosen, as it was, for a form to be changed."""
    return {name: form[name].value() for name in form.fields}


def _recap(request: HttpRequest, found: Checklist, form: SendingForm) -> HttpResponse:
    """Nothing is sent: what would be, and what stands in the way."""
    if problems := obstacles(found.law, form.chosen, on=timezone.localdate()):
        form.tell(problems)
        return _page(request, found, form, status=400)
    form.auto_id = False  # its hidden fields stand twice in the page
    chosen = [(piece, rows) for piece in found.pieces if (rows := form.chosen[piece.law.code])]
    context = {"found": found, "form": form, "chosen": chosen, "key": uuid.uuid4(), "steps": STEPS}
    return render(request, "documents/procedure_recap.html", context)


def _sent(request: HttpRequest, found: Checklist, form: SendingForm) -> HttpResponse:
    try:
        submission = submit(
            owner=signed_in(request),
            procedure=found.law,
            chosen=form.chosen,
            message=form.cleaned_data["message"],
            key=_key(request.POST.get("cle", "")),
            request=request,
        )
    except Incomplete as error:
        form.tell(error.problems)
        return _page(request, found, form, status=400)
    messages.success(request, "Vos pièces sont transmises. Le récépissé ci-dessous fait foi de la date et du contenu.")
    return redirect(submission)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _page(request: HttpRequest, found: Checklist, form: SendingForm, *, status: int = 200) -> HttpResponse:
    return render(request, "documents/procedure.html", {"found": found, "form": form}, status=status)
