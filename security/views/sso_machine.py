"""What the servers of the providers say to this one, without a person: a session ended there ends here (D40)."""

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from security.domain.sso import SignOnProblem
from security.services_sso import end_federated, refuse_identity, spend
from security.sso.cas import ended_session
from security.sso.providers import Provider, find_provider
from security.sso.tokens import LEEWAY, logout_claims


@csrf_exempt  # the token is signed
@login_not_required
@sensitive_post_parameters()
@require_POST
def back_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """OpenID Connect Back-Channel Logout 1.0. Answers 200 whether or not a session was open, 400 to what is not signed."""
    provider = find_provider(slug)
    if provider is None or provider.kind != "oidc":
        raise Http404
    try:
        _end(request, provider)
    except SignOnProblem as problem:
        refuse_identity(problem=problem, provider=provider, request=request)
        return JsonResponse({"error": "invalid_request"}, status=400)
    return HttpResponse(status=200)


def end_of_ticket(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Single logout of CAS 3 (§ 2.3.3): the server names the ticket, which it and the portal alone know."""
    if provider.kind != "cas":
        return HttpResponseNotAllowed(["GET"])
    try:
        sid = ended_session(request.POST.get("logoutRequest", "").encode())
    except SignOnProblem as problem:
        refuse_identity(problem=problem, provider=provider, request=request)
        return JsonResponse({"error": "invalid_request"}, status=400)
    end_federated(provider=provider, sid=sid, request=request)
    return HttpResponse(status=200)


@transaction.atomic
def _end(request: HttpRequest, provider: Provider) -> None:
    claims = logout_claims(provider, request.POST.get("logout_token", ""))
    until = dt.datetime.fromtimestamp(claims["exp"] + LEEWAY, dt.UTC)
    spend(provider, claims["jti"], until=until)
    subject, sid = str(claims.get("sub") or ""), str(claims.get("sid") or "")
    end_federated(provider=provider, subject=subject, sid=sid, request=request)
