"""« Ce message est-il vrai ? » (requirements S18, S30): what is pasted is judged in place, never fetched, never kept."""

from dataclasses import replace
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from iprof.correspondence.models import Lure
from iprof.correspondence.selectors.bulletins import lures_in
from iprof.home.forms import CheckMessageForm
from security.domain.lookalike_words import ADVICE, PHRASES, REASONS, VERDICTS
from security.domain.lookalikes import Judged, Official, Verdict
from security.domain.messages import MessageJudged, judge_message

TONES = {Verdict.OFFICIAL: "success", Verdict.OTHER: "warning", Verdict.SUSPICIOUS: "error"}


@cache
def official() -> Official:
    """The official names of this académie, from the settings."""
    return Official(urlsplit(settings.OFFICIAL_ADDRESS).hostname or "", settings.ACADEMIC_MAIL_DOMAIN)


@sensitive_post_parameters("texte")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_address(request: HttpRequest) -> HttpResponse:
    """POST, so that a message stays out of addresses and logs. Nothing is written."""
    form = CheckMessageForm(request.POST if request.method == "POST" else None)
    found = judge_message(form.cleaned_data["texte"], official()) if form.is_bound and form.is_valid() else None
    context = {"form": form, "judged": found is not None}
    if found is not None:
        known = lures_in(form.cleaned_data["texte"])
        context |= _words(replace(found, verdict=Verdict.SUSPICIOUS) if known else found, known)
    return render(request, "home/check_address.html", context, status=400 if form.errors else 200)


def _words(found: MessageJudged, known: list[Lure]) -> dict[str, object]:
    """The result in words; `overall` is None when the text holds nothing to judge."""
    verdict = found.verdict
    overall = verdict and {
        "title": _title(found, verdict, alone=not known),
        "advice": _advice(found, verdict),
        "tone": TONES[verdict],
    }
    return {
        "overall": overall,
        "addresses": [_address(one) for one in found.addresses],
        "known": known,
        "phrases": [PHRASES[code] for code in found.phrases],
        "more": found.more,
    }


def _title(found: MessageJudged, verdict: Verdict, *, alone: bool) -> str:
    if alone and len(found.addresses) == 1 and not found.phrases:
        mail = found.addresses[0].is_mail and verdict == Verdict.OFFICIAL
        return "Adresse de la messagerie académique" if mail else VERDICTS[verdict]
    return {
        Verdict.OFFICIAL: "Toutes les adresses de ce message sont officielles",
        Verdict.OTHER: "Ce message contient des adresses qui ne sont pas officielles",
        Verdict.SUSPICIOUS: "Ce message est suspect",
    }[verdict]


def _advice(found: MessageJudged, verdict: Verdict) -> str:
    if verdict == Verdict.OFFICIAL and any(one.is_mail for one in found.addresses):
        return (
            "Cela ne prouve pas que le message est vrai : un expéditeur peut être usurpé. " + ADVICE[Verdict.OFFICIAL]
        )
    return ADVICE[verdict]


def _address(one: Judged) -> dict[str, object]:
    return {
        "shown": one.shown,
        "leads_to": one.leads_to if one.verdict != Verdict.OFFICIAL else "",
        "verdict": VERDICTS[one.verdict],
        "tone": TONES[one.verdict],
        "reasons": [REASONS[code] for code in one.reasons],
    }
