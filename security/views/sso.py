"""Through the door of the ENT or of ProConnect, and back out by the same (S62, E30, D39, D40, D42; ADR 0013)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from security.domain.sso import Fault, SignOnProblem
from security.services_sso import accept_identity, linked_account, refuse_identity
from security.sso import entry, pending, states
from security.sso.adapters import sign_on
from security.sso.providers import Provider, find_provider
from security.sso.words import told
from security.views.sso_machine import end_of_ticket


@login_not_required
@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads to the provider; the ENT's own pages may link here (OpenID Connect Core 1.0, § 4)."""
    provider = provider_or_404(slug)
    if not _was_wanted(request):
        return render(request, "security/sso_start.html", {"provider": provider, "address": request.get_full_path()})
    try:
        if request.GET.get("iss", provider.issuer) != provider.issuer:
            raise SignOnProblem(Fault.UNTRUSTED, "iss")
        wanted = request.GET.get("next") or request.GET.get("target_link_uri") or ""
        begun = states.start(request, provider.slug, inside(request, wanted))
        hint = request.GET.get("login_hint", "")
        return redirect(sign_on(provider).authorization_url(begun, back=_back(request, provider), hint=hint))
    except SignOnProblem as problem:
        return stopped(request, provider, problem)


@csrf_exempt  # POST: the server of a CAS ends a session it names by its ticket
@login_not_required
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def callback(request: HttpRequest, slug: str) -> HttpResponse:
    """The provider's answer: a linked person is signed in, another one is asked to link."""
    provider = provider_or_404(slug)
    if request.method == "POST":
        return end_of_ticket(request, provider)
    try:
        return _answered(request, provider)
    except SignOnProblem as problem:
        return stopped(request, provider, problem)


def _answered(request: HttpRequest, provider: Provider) -> HttpResponse:
    if any(len(values) > 1 for _, values in request.GET.lists()):
        raise SignOnProblem(Fault.BROKEN, "twice")
    begun = states.take(request, provider.slug, request.GET.get("state", ""))
    identity = sign_on(provider).identity(request.GET.dict(), begun, back=_back(request, provider))
    user = linked_account(identity)
    if user is None:
        pending.keep(request, provider, identity, begun.next_url)
        return redirect("security:sso_link")
    if not user.is_active or user.activated_at is None:
        raise SignOnProblem(Fault.CLOSED)
    accept_identity(user=user, identity=identity, provider=provider, request=request)
    return entry.enter(request, user, identity, provider.slug, begun.next_url)


@login_not_required
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """After a sign-out: the session at the provider is still open, and may be ended too."""
    found = _left(request)
    return render(request, "security/sso_left.html", {"provider": found[0]}) if found else redirect("account_login")


@login_not_required
@require_safe
def quit_provider(request: HttpRequest) -> HttpResponse:
    """Leads to the provider's own sign-out (OpenID Connect RP-Initiated Logout 1.0, or CAS)."""
    found = _left(request)
    if found is None:
        return redirect("account_login")
    provider, hint = found
    try:
        back = request.build_absolute_uri(reverse("account_login"))
        if url := sign_on(provider).logout_url(hint, back=back):
            return redirect(url)
    except SignOnProblem as problem:
        return stopped(request, provider, problem)
    messages.info(request, f"{provider.name} ne se ferme pas d'ici : allez sur sa page pour vous y déconnecter.")
    return redirect("account_login")


def _was_wanted(request: HttpRequest) -> bool:
    """Whether somebody clicked: a page of elsewhere that leads here by itself opens no session (ASVS 7.6.2).

    Browsers say both; one that says nothing is believed.
    """
    by_itself = "Sec-Fetch-Site" in request.headers and request.headers.get("Sec-Fetch-User") != "?1"
    return not (by_itself and request.headers["Sec-Fetch-Site"] in {"cross-site", "same-site"})


def provider_or_404(slug: str) -> Provider:
    provider = find_provider(slug)
    if provider is None:
        raise Http404
    return provider


def inside(request: HttpRequest, address: str) -> str:
    """The address when it is one of this portal; empty otherwise: no open redirect."""
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if own else ""


def stopped(request: HttpRequest, provider: Provider, problem: SignOnProblem) -> HttpResponse:
    refuse_identity(problem=problem, provider=provider, request=request)
    words = told(problem, provider.name)
    context = {"words": words, "provider": provider, "again": problem.fault is not Fault.CLOSED}
    return render(request, "security/sso_problem.html", context, status=words.status)


def _left(request: HttpRequest) -> tuple[Provider, str] | None:
    kept = None if request.user.is_authenticated else entry.left(request)
    provider = find_provider(kept["provider"]) if kept else None
    return (provider, kept["hint"]) if kept and provider else None


def _back(request: HttpRequest, provider: Provider) -> str:
    return request.build_absolute_uri(reverse("security:sso_callback", args=[provider.slug]))
