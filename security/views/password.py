"""Changing a password, and finding it again by a link (norms D08, D09, D11)."""

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from iprof.kernel.errors import DomainError
from security import throttle, tokens
from security.confirmation import is_confirmed
from security.domain.waiting import french_wait
from security.enums import TriedWith
from security.factors import has_factor
from security.forms import LostPasswordForm, NewPasswordForm, PasswordChangeForm
from security.models import User
from security.services import change_password, journal_failed_sign_in, unlock_by_link
from security.sessions import follow_session
from security.tasks import send_password_link

HELD = "password_link_token"
IN_URL = "choisir"


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """This session stays open, the others of the account end. Whoever has a factor gives it first (norm D12)."""
    user = cast(User, request.user)
    if has_factor(user) and not is_confirmed(request):  # nothing typed is kept: it would be a password in the session
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
    form = PasswordChangeForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        tried = bool(form.data.get("current"))
        if tried and (wait := throttle.take_try(request, user.username)):
            problem = f"Trop d'essais. Attendez {french_wait(wait)} avant de recommencer."
            context = {"form": PasswordChangeForm(user=user), "problem": problem}
            return render(request, "security/password_change.html", context, status=429)
        valid = form.is_valid()
        if tried and "current" not in form.errors:
            throttle.give_back(request)
        if valid:
            changed = change_password(user=user, password=form.cleaned_data["password1"], request=request)
            update_session_auth_hash(request, changed)
            follow_session(request)
            messages.success(request, "Votre mot de passe est changé. Vos autres connexions sont fermées.")
            return redirect("security:account")
        if tried and "current" in form.errors:
            journal_failed_sign_in(login=user.username, request=request, factor=TriedWith.CONFIRMATION)
    return render(request, "security/password_change.html", {"form": form}, status=400 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Asks for the login, answers alike for all, sends to the academic and recovery mailboxes."""
    form = LostPasswordForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "security/password_lost.html", {"form": form}, status=400 if form.errors else 200)
    login = form.cleaned_data["login"]
    if wait := throttle.take_try(request, login, throttle.LINK):
        form.add_error(None, f"Un lien vient d'être demandé plusieurs fois. Attendez {french_wait(wait)}.")
        return render(request, "security/password_lost.html", {"form": form}, status=429)
    try:
        send_password_link.delay(login)
    except OperationalError:
        form.add_error(None, "L'envoi est momentanément impossible. Recommencez dans quelques minutes.")
        return render(request, "security/password_lost.html", {"form": form}, status=503)
    return render(request, "security/password_lost_sent.html")


@login_not_required
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """The link of the mail. The token leaves the address at once, so that it is not passed on in a Referer."""
    user = _account(uidb64)
    if token != IN_URL:
        if user is None or not tokens.password_link.check_token(user, token):
            return render(request, "security/password_link_dead.html", status=410)
        request.session.cycle_key()  # whoever planted the key before does not hold the token
        request.session[HELD] = token
        return redirect("security:password_link", uidb64=uidb64, token=IN_URL)
    if user is None or not tokens.password_link.check_token(user, request.session.get(HELD)):
        return render(request, "security/password_link_dead.html", status=410)
    held = request.session.get(HELD)
    unlocks = request.POST.get("etape") == "debloquer"
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method != "POST" or not (unlocks or form.is_valid()):
        status = 400 if form.errors else 200
        return render(request, "security/password_link.html", {"form": form, "account": user}, status=status)
    try:
        if unlocks:
            unlock_by_link(user=user, token=held, request=request)
        else:
            change_password(user=user, password=form.cleaned_data["password1"], token=held, request=request)
    except DomainError:
        return render(request, "security/password_link_dead.html", status=410)
    done = "Votre connexion est débloquée" if unlocks else "Votre mot de passe est changé"
    return _back_to_sign_in(request, user, f"{done}. Connectez-vous.")


def _back_to_sign_in(request: HttpRequest, user: User, said: str) -> HttpResponse:
    """Tries made elsewhere no longer slow this browser: its owner opened the mailbox."""
    request.session.flush()
    messages.success(request, said)
    response = redirect("account_login")
    throttle.note_success(request, user.username)
    throttle.remember_browser(request, response, user.username)
    return response


def _account(uidb64: str) -> User | None:
    try:
        pk = int(urlsafe_base64_decode(uidb64).decode())
    except (ValueError, UnicodeDecodeError):
        return None
    if not 0 < pk < 2**63:
        return None
    return User.objects.filter(pk=pk, is_active=True, activated_at__isnull=False).first()
