"""What the sections of a request share: their links, what is computed, and how a refused writing is told (T15, E24, K8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from iprof.kernel.errors import DomainError
from iprof.web.formats import french_moment
from mobility.domain.facts import Degree
from mobility.models import MobilityRequest
from mobility.selectors.live import Live
from mobility.selectors.requests import request_shown
from mobility.services.drafts import Overtaken

SECTIONS = ("voeux", "priorites", "pieces", "recap")
TITLES = {"priorites": "Priorités légales et sociales", "pieces": "Pièces justificatives", "recap": "Récapitulatif"}
PLACES = {Degree.SECOND: "Choix des académies", Degree.FIRST: "Choix des départements"}
KEPT = "Rien n'est enregistré ; ce que vous aviez saisi est encore ci-dessous."
OVERTAKEN = (
    "Une autre page, ou un autre appareil, a enregistré cette demande entre-temps. Rien n'a été écrasé : comparez, "
    "puis enregistrez de nouveau si ce qui est ci-dessous est ce que vous voulez."
)


def page(
    request: HttpRequest, one: MobilityRequest, name: str, found: Live, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The section `name` of a request: mobility/<name>.html."""
    now = timezone.now()
    common = {
        "one": one,
        "shown": request_shown(one, now),
        "live": found,
        "section": name,
        "title": title(name, found.degree),
        "sections": [(code, title(code, found.degree), _address(one, code)) for code in SECTIONS],
        "revision": one.revision,
    }
    return render(request, f"mobility/{name}.html", {**common, **context}, status=status)


def title(name: str, degree: Degree) -> str:
    return PLACES[degree] if name == "voeux" else TITLES[name]


def refusal(write: Callable[[], object]) -> tuple[str, MobilityRequest | None]:
    """Writes. ("", None) when it is done; else why not, with the request as another page left it when one did."""
    try:
        write()
    except Overtaken as error:
        return OVERTAKEN, error.request
    except DomainError as error:
        return f"{_sentence(error)} {KEPT}", None
    return "", None


def closed_sentence(one: MobilityRequest) -> str:
    """Why a request can no longer be written."""
    closed = one.campaign and french_moment(timezone.localtime(one.campaign.closes_at))
    return f"La saisie est close depuis le {closed}." if closed else ""


def next_address(one: MobilityRequest, name: str) -> str:
    return _address(one, SECTIONS[min(SECTIONS.index(name) + 1, len(SECTIONS) - 1)])


def _address(one: MobilityRequest, name: str) -> str:
    return reverse(f"mobility:{name}", kwargs={"public_id": one.public_id})


def _sentence(error: DomainError) -> str:
    return {
        "campaign_closed": "La saisie de cette campagne est close : la demande ne change plus.",
        "request_not_a_draft": "Cette demande est déjà confirmée, retirée ou close : reprenez-la d'abord, tant que la saisie est ouverte.",
    }[error.code]
