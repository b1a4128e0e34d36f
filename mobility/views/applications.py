"""One's own application: the form, the recap before sending, the withdrawal (requirements S58, T15, E24)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from documents.domain.procedures import procedures
from documents.selectors.own import documents_of
from documents.selectors.procedures import PieceState, checklist
from iprof.kernel.errors import DomainError
from mobility.domain.scheme_answers import missing_answers
from mobility.domain.scheme_states import SchemeAct, SchemeState, scheme_may
from mobility.domain.schemes import Scheme, schemes
from mobility.forms.schemes import ApplicationForm, initial_of
from mobility.models import SchemeApplication
from mobility.selectors.applications import followed
from mobility.selectors.file import file_facts
from mobility.selectors.schemes import guide_of, label_of, own_applications, readable, shown_answers
from mobility.selectors.snapshot import session_of
from mobility.services.scheme_sending import PROCEDURE, NotComplete, receipt_of, send_application
from mobility.services.schemes import (
    ApplicationOvertaken,
    reopen_application,
    save_application,
    withdraw_application,
)
from security.people import signed_in

REASON_MAX = 2000
SENTENCES = {
    "scheme_closed": "Les candidatures sont closes : rien n'a été changé. Ce que vous avez écrit est encore ci-dessous.",
    "scheme_not_a_draft": "Cette candidature est déjà envoyée : elle ne se modifie plus. Retirez-la pour la reprendre.",
    "scheme_transition": "Cette candidature a changé d'état depuis : relisez-la avant de continuer.",
}
SIGN = "Cochez la case : elle dit que vous avez relu et que vous envoyez cette candidature."


def own_application(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Passes the application of `public_id`, when it is one's own."""

    @wraps(view)
    def wrapped(request: HttpRequest, public_id: UUID) -> HttpResponse:
        return view(request, get_object_or_404(own_applications(signed_in(request)), public_id=public_id))

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@own_application
def application(request: HttpRequest, one: SchemeApplication) -> HttpResponse:
    """A draft is a form; what was sent is followed."""
    if request.method != "POST":
        return _form_page(request, one, _form(request, one)) if _draft(one) else _followed(request, one)
    form = _form(request, one, posted=True)
    if not form.is_valid():
        return _form_page(request, one, form, status=400)
    try:
        save_application(application=one, revision=_revision(request), answers=form.answers, chosen=form.chosen)
    except ApplicationOvertaken as error:
        return _overtaken(request, error.application, form)
    except DomainError as error:
        return _form_page(request, one, form, problem=SENTENCES[error.code], status=409)
    if request.POST.get("etape") == "relire":
        return redirect("mobility:scheme_recap", public_id=one.public_id)
    messages.success(request, "Votre brouillon est enregistré. Vous le retrouvez ici, sur tout appareil.")
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@own_application
def recap(request: HttpRequest, one: SchemeApplication) -> HttpResponse:
    """What would be sent, and what lacks; POST sends it."""
    if request.method != "POST":
        return _recap(request, one) if _draft(one) else redirect(one)
    if request.POST.get("accord") != "oui" and _draft(one):
        return _recap(request, one, problem=SIGN, status=400)
    try:
        send_application(application=one, revision=_revision(request), by=signed_in(request), request=request)
    except NotComplete as error:
        form = _form(request, one)
        return _form_page(request, one, form, told=error.problems, status=400)
    except ApplicationOvertaken as error:
        return _recap(request, error.application, problem=SENTENCES["scheme_transition"], status=409)
    except DomainError as error:
        return _recap(request, one, problem=SENTENCES[error.code], status=409)
    messages.success(request, "Votre candidature est envoyée. L'accusé de réception ci-dessous en fait foi.")
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@own_application
def withdraw(request: HttpRequest, one: SchemeApplication) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        reason = request.POST.get("motif", "").replace("\x00", "").strip()[:REASON_MAX]
        try:
            withdraw_application(application=one, by=signed_in(request), reason=reason, request=request)
        except DomainError:
            problem = (
                "Cette candidature a déjà reçu une décision : elle ne se retire plus ici. Écrivez à votre service."
            )
        else:
            messages.success(request, "Votre candidature est retirée.")
            return redirect(one)
    context = _told(one) | {"problem": problem, "reason": request.POST.get("motif", "")[:REASON_MAX]}
    return render(request, "mobility/scheme_withdraw.html", context, status=409 if problem else 200)


@require_POST
@own_application
def reopen(request: HttpRequest, one: SchemeApplication) -> HttpResponse:
    try:
        reopen_application(application=one, by=signed_in(request))
    except DomainError as error:
        messages.error(request, SENTENCES[error.code].split(" Ce que")[0])
    return redirect(one)


def _law(one: SchemeApplication) -> Scheme:
    return schemes()[one.campaign.scheme]


def _draft(one: SchemeApplication) -> bool:
    return one.state == SchemeState.DRAFT.value


def _revision(request: HttpRequest) -> int:
    """-1, which overtakes nothing, for what is not a number."""
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


def _pieces(request: HttpRequest) -> tuple[PieceState, ...]:
    return checklist(procedures()[PROCEDURE], documents_of(signed_in(request)), on=timezone.localdate()).pieces


def _form(request: HttpRequest, one: SchemeApplication, *, posted: bool = False) -> ApplicationForm:
    law, pieces = _law(one), _pieces(request)
    if posted:
        return ApplicationForm(request.POST, scheme=law, pieces=pieces)
    chosen = list(one.chosen_pieces.values_list("piece", "document"))
    return ApplicationForm(initial=initial_of(one.answers, chosen), scheme=law, pieces=pieces)


def _told(one: SchemeApplication) -> dict[str, Any]:
    return {"one": one, "law": _law(one), "label": label_of(_law(one))}


def _form_page(
    request: HttpRequest, one: SchemeApplication, form: ApplicationForm, *, problem: str = "", told: Any = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    today, owner = timezone.localdate(), signed_in(request)
    if told:
        form = ApplicationForm(form.initial, scheme=form.scheme, pieces=_pieces(request))
        form.is_valid()
        form.tell(told)
    file = file_facts(owner, session=session_of(today), on=today)
    context = _told(one) | {
        "form": form,
        "problem": problem,
        "open": one.campaign.is_open(timezone.now()),
        "guide": guide_of(_law(one), departement=file.departement),
        "revision": request.POST.get("revision", one.revision) if problem else one.revision,
    }
    return render(request, "mobility/scheme_form.html", context, status=status)


def _overtaken(request: HttpRequest, one: SchemeApplication, form: ApplicationForm) -> HttpResponse:
    """Both texts, side by side; the form keeps what was typed and knows the revision it would replace."""
    typed = form.answers
    both = [
        (field.label, readable(field, str(one.answers.get(field.code, ""))), readable(field, typed.get(field.code, "")))
        for field in _law(one).fields
        if one.answers.get(field.code, "") != typed.get(field.code, "")
    ]
    context = _told(one) | {"form": form, "both": both, "revision": one.revision}
    return render(request, "mobility/scheme_overtaken.html", context, status=409)


def _recap(request: HttpRequest, one: SchemeApplication, *, problem: str = "", status: int = 200) -> HttpResponse:
    law = _law(one)
    chosen = set(one.chosen_pieces.values_list("piece", "document"))
    pieces = [
        (piece.law, [row for row in piece.ready if (piece.law.code, row.row.pk) in chosen], law.pieces[piece.law.code])
        for piece in _pieces(request)
        if piece.law.code in law.pieces
    ]
    context = _told(one) | {
        "answers": shown_answers(law, one.answers),
        "missing": missing_answers(law, one.answers),
        "pieces": pieces,
        "lacking": [piece.label for piece, rows, required in pieces if required and not rows],
        "open": one.campaign.is_open(timezone.now()),
        "problem": problem,
    }
    return render(request, "mobility/scheme_recap.html", context, status=status)


def _followed(request: HttpRequest, one: SchemeApplication) -> HttpResponse:
    state = SchemeState(one.state)
    context = _told(one) | followed(one) | {
        "answers": shown_answers(_law(one), one.answers),
        "receipt": receipt_of(one),
        "may_withdraw": scheme_may(state, SchemeAct.WITHDRAW),
        "may_reopen": scheme_may(state, SchemeAct.REOPEN) and one.campaign.is_open(timezone.now()),
    }  # fmt: skip
    return render(request, "mobility/scheme_application.html", context)
