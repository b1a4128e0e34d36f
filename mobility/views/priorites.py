"""« Priorités légales et sociales », and the points of what is typed (S51, S52, S53)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mobility.forms.claims import ClaimsForm
from mobility.forms.voeux import revision_of
from mobility.models import Claims, MobilityRequest
from mobility.selectors.differences import file_rows, told_by_file
from mobility.selectors.live import Live, live
from mobility.services.drafts import save_claims
from mobility.views.access import own_request
from mobility.views.sections import next_address, page, refusal

SEE = "voir"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_request
def priorites(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    """« Voir mes points » computes what is typed and writes nothing; « Enregistrer » writes."""
    saved = live(one, on=timezone.localdate())
    if request.method != "POST":
        return page(request, one, "priorites", saved, _context(one, saved, _form(one, saved)))
    form = _form(one, saved, request.POST)
    valid = form.is_valid()
    if not valid or request.POST.get("acte") == SEE:
        return _again(request, one, form, saved, status=200 if valid else 400)
    why, theirs = refusal(lambda: save_claims(request=one, revision=revision_of(request.POST), claims=form.values))
    if why:
        return _again(request, theirs or one, form, saved, status=409, refused=why, theirs=theirs)
    return redirect(next_address(one, "priorites") if request.POST.get("suite") else f"{request.path}#points")


@sensitive_post_parameters()
@require_POST
@own_request
def points(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    """The points of what is typed, as a part of the page. Writes nothing: sent by POST to stay out of the logs."""
    saved = live(one, on=timezone.localdate())
    form = _form(one, saved, request.POST)
    form.is_valid()
    found = live(one, on=timezone.localdate(), file=saved.file, claims=form.typed, voeux=saved.facts.voeux)
    return render(request, "mobility/_typed.html", {"one": one, "live": found, "form": form})


def _form(one: MobilityRequest, saved: Live, data: Any = None) -> ClaimsForm:
    told = saved.file.family.conjoint_departement if saved.file.family else ""
    return ClaimsForm(data, degree=saved.degree, claims=one.claims, told=told)


def _again(
    request: HttpRequest, one: MobilityRequest, form: ClaimsForm, saved: Live, *, status: int, refused: str = "",
    theirs: MobilityRequest | None = None,
) -> HttpResponse:  # fmt: skip
    """What was typed, with its points; what another page saved beside it."""
    found = live(one, on=timezone.localdate(), file=saved.file, claims=form.typed, voeux=saved.facts.voeux)
    other = _changed(Claims.objects.get(request=theirs), form.typed) if theirs else None
    context = {**_context(one, found, form), "refused": refused, "other": other}
    return page(request, one, "priorites", found, context, status=status)


def _context(one: MobilityRequest, found: Live, form: ClaimsForm) -> dict[str, object]:
    told = told_by_file(found.file, form.typed if form.is_bound else one.claims)
    sets = [
        (code, title, words, [(field, told.get(field.name)) for field in fields])
        for code, title, words, fields in form.sets
    ]
    return {"form": form, "sets": sets, "file_rows": file_rows(found.file)}


def _changed(saved: Claims, typed: Claims) -> list[tuple[str, str, str]]:
    """(label, saved by the other page, typed here) of each field that differs."""
    fields = [field for field in Claims._meta.concrete_fields if field.name not in ("id", "request")]
    pairs = [
        (str(field.verbose_name), getattr(saved, field.attname), getattr(typed, field.attname)) for field in fields
    ]
    return [(label, _words(was), _words(now)) for label, was, now in pairs if was != now]


def _words(value: Any) -> str:
    if value in (None, "", []):
        return "non indiqué"
    if isinstance(value, bool):
        return "oui" if value else "non"
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
