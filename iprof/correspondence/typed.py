"""What was typed while the session ended: set aside in the browser's new session, given back after the sign-in.

A page proves whose it was by its token, which the portal signed: someone else who signs in there is given nothing, and
nobody fills the table of sessions without having been shown a page.
"""

import base64
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from iprof.correspondence.forms.threads import read_token
from iprof.correspondence.models.threads import BODY_MAX
from iprof.web.crypto import UnreadableSecret, seal, unseal
from security.people import signed_in

HELD = "typed"
CONTEXT = "typed"
KEPT = ("sujet", "message", "type", "echeance", "page", "nature", "ref", "note")
SENTENCE = (
    "Votre connexion avait pris fin : rien n'est parti. Ce que vous aviez écrit est ci-dessous, sans les fichiers. "
    "Relisez, joignez-les de nouveau, puis envoyez."
)


def keeps_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view is for whoever is signed in; what others send waits for them behind the sign-in."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect_to_login(request.get_full_path())
        _set_aside(request)
        return redirect_to_login(request.path)

    return wrapped


def _set_aside(request: HttpRequest) -> None:
    token = request.POST.get("jeton", "")
    if read_token(token):
        kept = {name: request.POST.get(name, "")[:BODY_MAX] for name in KEPT}
        request.session[HELD] = {"path": request.path, "token": token, "kept": _closed(kept)}


def given_back(request: HttpRequest) -> dict[str, Any]:
    """What this person had typed on this page, once; empty otherwise."""
    held = request.session.get(HELD)
    if not held or held["path"] != request.path:
        return {}
    del request.session[HELD]
    if not read_token(held["token"], signed_in(request)):
        return {}
    kept = _opened(held["kept"])
    if kept:
        messages.warning(request, SENTENCE)
    return kept


def _closed(kept: dict[str, str]) -> str:
    """Sealed: what was typed was not checked yet, and a NUMEN is kept nowhere in clear."""
    return base64.b64encode(seal(json.dumps(kept), context=CONTEXT)).decode()


def _opened(closed: str) -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(unseal(base64.b64decode(closed), context=CONTEXT))
    except UnreadableSecret:  # the key has changed since
        return {}
    return {name: value for name, value in kept.items() if value}
