"""« Confirmez que c'est vous »: asked before a change, which then goes on where it was (norm D12)."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from security import throttle
from security.confirmation import Ways, proof, ways_of
from security.domain.waiting import french_wait
from security.enums import TriedWith
from security.forms_confirm import ConfirmForm
from security.keys import key_options
from security.models import User
from security.people import signed_in
from security.services import journal_refusal
from security.services_second_step import pass_confirmation
from security.sessions import follow_session

NOT_YOURS = "Ce n'est pas votre mot de passe. Vérifiez les majuscules."
WRONG = (
    "La vérification a échoué. Vérifiez votre mot de passe et le code. Si votre clé ne vous demande rien, saisissez aussi "
    "votre mot de passe."
)


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def reauthenticate(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    ways = ways_of(user)
    form = ConfirmForm(request.POST if request.method == "POST" else None, ways=ways)
    if request.method != "POST" or not form.is_valid():
        return _page(request, user, ways, form, status=400 if form.errors else 200)
    if wait := throttle.take_try(request, user.username, throttle.SECOND_STEP if ways.factor else ""):
        form.add_error(None, f"Trop d'essais. Attendez {french_wait(wait)} avant de recommencer.")
        return _page(request, user, ways, form, status=429)
    kind = proof(request, user, ways, **form.cleaned_data)
    if kind:
        throttle.give_back(request)
        record_authentication(request, user, method="password", reauthenticated=True)
        pass_confirmation(user=user, kind=kind, request=request)
        request.session.cycle_key()
        follow_session(request)
        return resume_request(request) or redirect("security:account")
    journal_refusal(subject=user, tried=TriedWith.CONFIRMATION, request=request)
    form.add_error(None if ways.factor else "password", WRONG if ways.factor else NOT_YOURS)
    return _page(request, user, ways, form, status=400)


def _page(request: HttpRequest, user: User, ways: Ways, form: ConfirmForm, *, status: int) -> HttpResponse:
    context = {"form": form, "ways": ways, "options": key_options(user) if ways.key else None}
    return render(request, "security/reauthenticate.html", context, status=status)
