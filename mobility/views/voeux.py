"""« Choix des académies »: added, removed, ordered; every button works without script (S51, E23, E27)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mobility.forms.voeux import ADD, VoeuxForm, revision_of
from mobility.models import MobilityRequest
from mobility.selectors.live import live, voeux_of
from mobility.selectors.places import place_words, places
from mobility.services.drafts import save_voeux
from mobility.views.access import own_request
from mobility.views.sections import next_address, page, refusal


@require_http_methods(["GET", "HEAD", "POST"])
@own_request
def voeux(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    """Each button saves the list of the page, with what it asks; a list made from an older state is told, not applied."""
    saved = live(one, on=timezone.localdate())
    if request.method != "POST":
        return page(
            request, one, "voeux", saved, _context(VoeuxForm(degree=saved.degree, most=_most(one)), saved.facts.voeux)
        )
    form = VoeuxForm(request.POST, degree=saved.degree, most=_most(one))
    if not form.is_valid():
        return _again(request, one, form, status=400)
    why, theirs = refusal(lambda: save_voeux(request=one, revision=revision_of(request.POST), voeux=form.voeux))
    if why:
        return _again(request, theirs or one, form, status=409, refused=why, theirs=theirs)
    return redirect(next_address(one, "voeux") if request.POST.get("suite") else f"{request.path}{_anchor(form)}")


def _again(
    request: HttpRequest,
    one: MobilityRequest,
    form: VoeuxForm,
    *,
    status: int,
    refused: str = "",
    theirs: MobilityRequest | None = None,
) -> HttpResponse:
    """The list as it was sent, with its points; what another page saved beside it."""
    found = live(one, on=timezone.localdate(), voeux=form.voeux)
    other = [place_words(found.degree, place) for place in voeux_of(theirs)] if theirs else None
    context = {**_context(form, form.voeux), "refused": refused, "other": other}
    return page(request, one, "voeux", found, context, status=status)


def _context(form: VoeuxForm, chosen: list[str] | tuple[str, ...]) -> dict[str, object]:
    left = [(place, words) for place, words in places(form.degree).items() if place not in chosen]
    return {"form": form, "left": left, "most": form.most}


def _most(one: MobilityRequest) -> int | None:
    return one.campaign.voeux_max if one.campaign else None


def _anchor(form: VoeuxForm) -> str:
    """Where the page comes back: the vœu that moved, the field to add the next one."""
    what, which = form.act
    if what == ADD:
        return f"#voeu-{len(form.voeux)}"
    step = {"monter": -1, "descendre": 1}.get(what)
    return f"#voeu-{min(max(int(which) + step, 1), len(form.voeux))}" if step and which.isdecimal() else "#voeux"
