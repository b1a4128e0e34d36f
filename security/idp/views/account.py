"""« Services reliés »: what each received, since when, and how to stop it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from security.idp.models import ServiceGrant
from security.idp.selectors import services_of
from security.idp.services import withdraw_service
from security.people import signed_in


@require_safe
def service_list(request: HttpRequest) -> HttpResponse:
    return render(request, "idp/services.html", {"services": services_of(signed_in(request))})


@require_POST
def service_withdraw(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    grant = get_object_or_404(
        ServiceGrant.objects.select_related("service", "user"), public_id=public_id, user=signed_in(request)
    )
    withdraw_service(grant=grant, request=request)
    messages.success(request, f"« {grant.service.name} » ne reçoit plus rien de votre compte.")
    return redirect("idp:service_list")
