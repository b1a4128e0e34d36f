"""« Mes envois »: what one sent, its receipt, what the service says of it, and completing or taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from documents.enums import SubmissionState
from documents.forms.sending import SendingForm
from documents.pdf import receipt_pdf
from documents.selectors.own import documents_of
from documents.selectors.procedures import PieceState, checklist
from documents.selectors.receipts import receipts_about
from documents.selectors.submissions import Sending, sending, sendings, submissions_of
from documents.services.submit import Incomplete, NotTakenBack, complete, take_back
from documents.views.access import own_documents
from security.people import signed_in

PER_PAGE = 20


@require_safe
@own_documents
def submission_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(submissions_of(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/submissions.html", {"page": page, "rows": sendings(page.object_list)})


@sensitive_post_parameters("message")
@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def submission(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The receipt; the form completes what the service asked for again."""
    one = _own(request, public_id)
    pieces = _asked(request, one)
    if request.method != "POST":
        return _page(request, one, SendingForm(pieces=pieces))
    form = SendingForm(request.POST, pieces=pieces)
    if not form.is_valid():
        return _page(request, one, form, status=400)
    try:
        complete(one.row, chosen=form.chosen, message=form.cleaned_data["message"], request=request)
    except Incomplete as error:
        form.tell(error.problems)
        return _page(request, one, form, status=400)
    messages.success(request, "Votre envoi est complété et de nouveau transmis au service.")
    return redirect(one.row)


@require_safe
@own_documents
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    one = _own(request, public_id)
    response = HttpResponse(receipt_pdf(one, user=signed_in(request)), content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="Recepisse_{timezone.localdate(one.row.sent_at):%Y-%m-%d}.pdf"'
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def submission_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asked once more. Only while the service has not begun."""
    one = _own(request, public_id)
    if request.method != "POST":
        return render(request, "documents/submission_withdraw.html", {"one": one})
    try:
        take_back(one.row, request=request)
    except NotTakenBack as error:
        return render(request, "documents/submission_withdraw.html", {"one": one, "refused": str(error)}, status=409)
    messages.success(request, "Votre envoi est retiré : le service ne voit plus ces pièces.")
    return redirect("documents:submission_list")


def _own(request: HttpRequest, public_id: UUID) -> Sending:
    return sending(get_object_or_404(submissions_of(signed_in(request)), public_id=public_id))


def _asked(request: HttpRequest, one: Sending) -> tuple[PieceState, ...]:
    """The pieces asked for again, with the documents that may answer: neither those refused nor those accepted here."""
    if one.row.state != SubmissionState.INCOMPLETE or one.row.law is None:
        return ()
    answered = {piece.use.document_id for piece in one.pieces if not piece.besides}
    rows = [row for row in documents_of(signed_in(request)) if row.pk not in answered]
    codes = {piece.code for piece in one.asked_again}
    found = checklist(one.row.law, rows, on=timezone.localdate())
    return tuple(piece for piece in found.pieces if piece.law.code in codes)


def _page(request: HttpRequest, one: Sending, form: SendingForm, *, status: int = 200) -> HttpResponse:
    if one.row.law is None and request.method == "POST":
        raise Http404
    proofs = receipts_about(signed_in(request), f"envoi:{one.row.public_id}")
    return render(request, "documents/submission.html", {"one": one, "form": form, "proofs": proofs}, status=status)
