"""« Pièces justificatives »: generated from the points, answered by what is already deposited (S51, S54, S55)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mobility.forms.pieces import PiecesForm
from mobility.forms.voeux import revision_of
from mobility.models import MobilityRequest
from mobility.selectors.live import live
from mobility.selectors.pieces import pieces_asked
from mobility.services.drafts import save_pieces
from mobility.views.access import own_request
from mobility.views.sections import next_address, page, refusal


@require_http_methods(["GET", "HEAD", "POST"])
@own_request
def pieces(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    found = live(one, on=timezone.localdate())
    asked = pieces_asked(one, found)
    if request.method != "POST":
        return page(request, one, "pieces", found, {"form": PiecesForm(pieces=asked)})
    form = PiecesForm(request.POST, pieces=asked)
    if not form.is_valid():
        return page(request, one, "pieces", found, {"form": form}, status=400)
    why, theirs = refusal(lambda: save_pieces(request=one, revision=revision_of(request.POST), chosen=form.chosen))
    if why:
        other = [(piece.state.law.label, piece.names) for piece in pieces_asked(theirs, found)] if theirs else None
        context = {"form": form, "refused": why, "other": other}
        return page(request, theirs or one, "pieces", found, context, status=409)
    return redirect(next_address(one, "pieces") if request.POST.get("suite") else request.path)
