"""First access: login and NUMEN, then a password of one's own, then the recovery address (S20-S22, T3)."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from iprof.kernel.errors import DomainError
from security import throttle
from security.activation import close_activation, open_activation, pending_activation
from security.domain.waiting import french_wait
from security.enums import AccessKind
from security.forms import FirstAccessForm, NewPasswordForm
from security.journal import record
from security.services import activate_account, find_waiting_account

REFUSED = (
    "Cet identifiant et ce NUMEN n'ouvrent aucun compte en attente. Vérifiez-les sur votre courrier de prise de fonction. "
    "Vous avez déjà choisi un mot de passe ? Connectez-vous avec lui : le NUMEN ne sert qu'une fois."
)


@login_not_required
@sensitive_post_parameters("secret")
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Proof of the letter. The answer is the same for an unknown login, a wrong NUMEN and an account already open."""
    if request.user.is_authenticated:
        return redirect("home:dashboard")
    form = FirstAccessForm(request.POST or None)
    if request.method != "POST":
        return render(request, "security/first_access.html", {"form": FirstAccessForm()})
    if not form.is_valid():
        return render(request, "security/first_access.html", {"form": form}, status=400)
    login = form.cleaned_data["login"]
    if wait := throttle.take_try(request, login):
        form.add_error(None, f"Trop d'essais. Attendez {french_wait(wait)} avant de recommencer.")
        return render(request, "security/first_access.html", {"form": form}, status=429)
    user = find_waiting_account(login=login, secret=form.cleaned_data["secret"])
    if user is None:
        record(AccessKind.ACTIVATION_REFUSED, actor=None, request=request)
        form.add_error(None, REFUSED)
        return render(request, "security/first_access.html", {"form": form}, status=400)
    throttle.give_back(request)
    open_activation(request, user)
    return redirect("security:activation_password")


@login_not_required
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """The forced choice of a password (S21). Then a sign-in like any other: second step and access from abroad where due."""
    pending = pending_activation(request)
    if pending is None:
        close_activation(request)
        messages.warning(
            request, "Le temps de cette étape est écoulé. Saisissez à nouveau votre identifiant et votre NUMEN."
        )
        return redirect("security:activation_start")
    user, digest = pending
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 400
        return render(request, "security/first_password.html", {"form": form, "account": user}, status=status)
    try:
        user = activate_account(user=user, digest=digest, password=form.cleaned_data["password1"], request=request)
    except DomainError:
        close_activation(request)
        messages.error(request, "Ce compte vient d'être ouvert ailleurs. Connectez-vous avec son mot de passe.")
        return redirect("account_login")
    close_activation(request)
    request.session["first_access"] = True  # the next page leads on to the home page, not to the account
    messages.success(request, "Votre compte est ouvert. Votre NUMEN n'ouvre plus rien.")
    record_authentication(request, user, method="password", reauthenticated=True)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=reverse("security:recovery")))
    return response
