"""Enrolling a key or passkey, and giving it another name."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from iprof.kernel.errors import DomainError
from security.confirmation import confirmed
from security.factors import KEY
from security.forms_factors import KeyForm, KeyNameForm
from security.keys import registration_options
from security.people import signed_in
from security.services_factors import add_key, rename_key

TOO_MANY = "Dix clés sont déjà enregistrées. Retirez-en une avant d'en ajouter une autre."


@confirmed
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def key_add(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_key(user=user, request=request, **form.cleaned_data)
        except DomainError:
            messages.error(request, TOO_MANY)
        else:
            messages.success(request, "Votre clé est enregistrée. Vos autres connexions sont fermées.")
        return redirect("security:second_step")
    context = {"form": form, "options": registration_options(user)}
    return render(request, "security/key_add.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def key_rename(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Authenticator, pk=pk, user=signed_in(request), type=KEY)
    return _rename(request, pk)


@confirmed
def _rename(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(Authenticator, pk=pk, user=signed_in(request), type=KEY)
    form = KeyNameForm(request.POST if request.method == "POST" else None, initial={"name": key.data["name"]})
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "name": key.data["name"]}
        return render(request, "security/key_rename.html", context, status=400 if form.errors else 200)
    try:
        rename_key(user=signed_in(request), pk=pk, name=form.cleaned_data["name"], request=request)
    except Authenticator.DoesNotExist:
        raise Http404 from None
    messages.success(request, "La clé porte son nouveau nom.")
    return redirect("security:second_step")
