"""« Réglages des alertes »: rhythms, devices, notice elsewhere."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from iprof.correspondence.forms.choices import NO_ADDRESS, NOT_A_BROWSER, ChoicesForm, DeviceForm
from iprof.correspondence.outbox.vapid import public_key
from iprof.correspondence.selectors.choices import choices_of, devices_of, forwarding_of
from iprof.correspondence.services.choices import add_device, remove_device, save_choices
from iprof.kernel.errors import DomainError
from security.people import signed_in
from security.trust import browser_name

TOO_MANY = (
    "Vous avez déjà {limit} appareils, le plus qu'un compte peut en avoir : celui-ci n'est pas enregistré. Retirez-en "
    "un de la liste, puis recommencez."
)


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    forwarding = forwarding_of(user)
    form = ChoicesForm(
        request.POST if request.method == "POST" else None,
        initial={"avis": forwarding.on},
        held=choices_of(user),
        with_push=bool(public_key()),
    )
    if form.is_bound and form.is_valid():
        try:
            save_choices(by=user, choices=form.chosen, forward=form.cleaned_data["avis"])
        except DomainError:
            form.add_error("avis", NO_ADDRESS)
        else:
            messages.success(request, "Vos réglages sont enregistrés. Ils valent pour les prochaines alertes.")
            return redirect("correspondence:choices")
    return _page(request, form, status=400 if form.errors else 200)


@sensitive_post_parameters()
@require_POST
def device_add(request: HttpRequest) -> HttpResponse:
    """The browser that asks rings from now on. A refusal is shown on the page, where nothing else was typed."""
    form, label = DeviceForm(request.POST), browser_name(request.headers.get("User-Agent", ""))
    problem = NOT_A_BROWSER
    if public_key() and form.is_valid():
        try:
            add_device(by=signed_in(request), label=label, **form.cleaned_data)
        except DomainError as error:
            problem = TOO_MANY.format(**error.params)
        else:
            messages.success(request, f"Les alertes s'annonceront sur cet appareil ({label}).")
            return redirect("correspondence:choices")
    messages.error(request, problem)
    return _page(request, None, status=400)


@require_POST
def device_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    if not remove_device(by=signed_in(request), public_id=public_id):
        raise Http404
    messages.success(request, "L'appareil est retiré : plus rien ne s'y annonce.")
    return redirect("correspondence:choices")


def _page(request: HttpRequest, form: ChoicesForm | None, *, status: int) -> HttpResponse:
    user, push_key = signed_in(request), public_key()
    forwarding = forwarding_of(user)
    shown = form or ChoicesForm(initial={"avis": forwarding.on}, held=choices_of(user), with_push=bool(push_key))
    context = {"form": shown, "devices": devices_of(user), "forwarding": forwarding, "push_key": push_key}
    return render(request, "correspondence/choices.html", context, status=status)
