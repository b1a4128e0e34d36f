"""Sign-in and sign-out, over allauth's views: they hold the stages that a second factor needs."""

from typing import Any

from allauth.account import views
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_variables

from security import throttle
from security.forms import SignInForm
from security.services import journal_failed_sign_in
from security.sso.entry import ORIGIN, leave
from security.sso.pending import pending
from security.sso.providers import providers

MALFORMED = {"max_length", "null_characters_not_allowed"}
LONGEST_TYPED = 200
ENDED = {
    "inactivite": "Vous avez été déconnecté après 30 minutes sans activité. Reconnectez-vous pour continuer.",
    "duree": "Vous avez été déconnecté : une connexion dure au plus 8 heures. Reconnectez-vous pour continuer.",
}


@method_decorator(sensitive_variables(), name="dispatch")
class SignInView(views.LoginView):
    form_class = SignInForm

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response = super().form_invalid(form)
        self._journal_malformed(form)
        waits = any(error.code == "too_many_tries" for error in form.non_field_errors().as_data())
        response.status_code = 429 if waits else 400
        return response

    def _journal_malformed(self, form: SignInForm) -> None:
        """What no account could have: a failed try all the same, counted like the others so that lines stay few."""
        codes = {error.code for name in form.errors if name in form.fields for error in form[name].errors.as_data()}
        if codes & MALFORMED:
            typed = form.data.get("login", "")[:LONGEST_TYPED]
            if not throttle.take_try(self.request, typed):
                journal_failed_sign_in(login=typed, request=self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "ended": ENDED.get(self.request.GET.get("fin", ""), ""),
            "providers": providers(),
            "pending": pending(self.request),
        }


sign_in = SignInView.as_view()


def sign_out(request: HttpRequest) -> HttpResponse:
    """A page asks for confirmation on GET; POST signs out and empties what the browser kept (norm D15)."""
    origin = request.session.get(ORIGIN)
    response = views.logout(request)
    if request.method == "POST":
        if origin:  # the session of the ENT is still open: say so
            leave(request, origin)
            response = redirect("security:sso_left")
        else:
            messages.info(request, "Vous êtes déconnecté.")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
