"""« Récapitulatif »: everything read over, the gaps, then the confirmation, once however often it is asked (S54, E06, E29)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from iprof.kernel.errors import DomainError
from mobility.forms.confirm import ConfirmForm
from mobility.forms.voeux import revision_of
from mobility.models import MobilityRequest
from mobility.selectors.checklist import BLOCKS, gaps
from mobility.selectors.live import live
from mobility.selectors.pieces import pieces_asked
from mobility.selectors.recap import claims_rows
from mobility.services.confirm import Refused, confirm
from mobility.services.drafts import Overtaken
from mobility.views.access import own_request
from mobility.views.sections import OVERTAKEN, page
from security.people import signed_in

SENTENCES = {
    "campaign_closed": "La saisie de cette campagne est close : votre demande n'est pas confirmée. Rien de ce que vous aviez saisi n'est perdu.",
    "request_transition": "Cette demande n'est plus un brouillon : elle ne se confirme pas d'ici.",
    "simulation_not_sent": "Une simulation ne s'envoie pas.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@own_request
def recap(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, one)
    arrived = timezone.now()
    missing = _missing(one)
    form = ConfirmForm(request.POST, missing=missing)
    if not form.is_valid() and one.state == "brouillon":
        return _page(request, one, form, status=400)
    try:
        confirm(
            request=one, revision=revision_of(request.POST), by=signed_in(request), http=request, at=arrived,
            accepted_missing=missing,
        )  # fmt: skip
    except Overtaken as error:
        return _page(request, error.request, form, status=409, refused=OVERTAKEN)
    except Refused as error:
        for sentence in (line for lines in error.problems.values() for line in lines):
            form.add_error(None, sentence)
        return _page(request, one, form, status=400)
    except DomainError as error:
        return _page(request, one, form, status=409, refused=SENTENCES[error.code])
    messages.success(request, "Votre demande est confirmée. Votre accusé de réception est ci-dessous.")
    return redirect(one)


def _missing(one: MobilityRequest) -> bool:
    return any(piece.missing for piece in pieces_asked(one, live(one, on=timezone.localdate())))


def _page(
    request: HttpRequest, one: MobilityRequest, form: ConfirmForm | None = None, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    found = live(one, on=timezone.localdate())
    pieces = pieces_asked(one, found)
    todo = gaps(one.claims, found, pieces)
    context = {
        "form": form or ConfirmForm(missing=any(piece.missing for piece in pieces)),
        "pieces": pieces,
        "gaps": todo,
        "blocked": any(gap.weight == BLOCKS for gap in todo),
        "claims": claims_rows(one.claims),
        "refused": refused,
    }
    return page(request, one, "recap", found, context, status=status)
