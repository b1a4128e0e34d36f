"""Services in the administration: registered and changed by administrators, read by the informatique."""

import datetime as dt
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from iprof.web.admin import PortalAdmin
from security.idp.forms import ServiceForm
from security.idp.models import Service
from security.idp.scopes import known
from security.idp.services_staff import register_service, renew_secret, set_service_open
from security.models import User


@admin.register(Service)
class ServiceAdmin(PortalAdmin):
    form = ServiceForm
    list_display = ("called", "state", "kind", "house", "people", "registered")
    search_fields = ("name",)
    search_help_text = "Nom"
    ordering = ("name", "pk")
    actions = ("new_secret", "close", "reopen")
    show_facets = admin.ShowFacets.NEVER
    readonly_fields = ("identifier", "called", "kind", "house", "addresses", "scopes_asked")
    shown = (
        "identifier",
        "name",
        "purpose",
        "type",
        "redirect_uris",
        "kept_scopes",
        "skip_consent",
        "long_lived",
        "post_logout_uris",
        "logout_uri",
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Services reliés", **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        return cast("QuerySet[Service]", super().get_queryset(request).annotate(grant_count=Count("grants")))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever only reads sees columns: the fields of the form are nowhere in the table."""
        if self.has_change_permission(request, obj):
            return [(None, {"fields": self.shown, "classes": ("wide",)})]
        return [(None, {"fields": ("identifier", "called", "kind", "addresses", "scopes_asked", "house")})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if not self.has_change_permission(request, obj):
            kwargs["form"] = ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if self.has_change_permission(request) else {}

    @admin.display(description="identifiant (client_id)")
    def identifier(self, service: Service) -> str:
        return str(service.pk) if not service._state.adding else "Tiré à l'enregistrement"

    @admin.display(description="nom", ordering="name")
    def called(self, service: Service) -> str:
        return str(service.name)

    @admin.display(description="état")
    def state(self, service: Service) -> str:
        return "Fermé" if service.closed else "Ouvert"

    @admin.display(description="enregistré le", ordering="created_at")
    def registered(self, service: Service) -> dt.datetime:
        return cast(dt.datetime, service.created_at)

    @admin.display(description="service de l'académie", boolean=True, ordering="skip_consent")
    def house(self, service: Service) -> bool:
        return bool(service.skip_consent)

    @admin.display(description="adresses de retour")
    def addresses(self, service: Service) -> str:
        return "\n".join(service.get_redirect_uris())

    @admin.display(description="données qu'il peut demander")
    def scopes_asked(self, service: Service) -> str:
        return " ; ".join(scope.given for scope in known(service.get_scopes()))

    @admin.display(description="type")
    def kind(self, service: Service) -> str:
        return "Public" if service.type == "public" else "Confidentiel"

    @admin.display(description="comptes reliés")
    def people(self, service: Any) -> int:
        return int(service.grant_count)

    def save_model(self, request: HttpRequest, obj: Service, form: Any, change: bool) -> None:
        obj.told = register_service(service=form.filled(), new=not change, by=cast(User, request.user), request=request)

    def response_add(self, request: HttpRequest, obj: Service, post_url_continue: str | None = None) -> HttpResponse:
        if obj.told:
            return self._secret(request, obj, obj.told)
        return super().response_add(request, obj, post_url_continue)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # closed: grants and traces name it

    @admin.action(description="Fermer (ses accès finissent aussitôt)", permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Service]) -> None:
        self._set_open(request, queryset, opened=False)

    @admin.action(description="Rouvrir", permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Service]) -> None:
        self._set_open(request, queryset, opened=True)

    @staticmethod
    def _set_open(request: HttpRequest, queryset: QuerySet[Service], *, opened: bool) -> None:
        chosen = [service for service in queryset if service.closed is opened]
        for service in chosen:
            set_service_open(service=service, opened=opened, by=cast(User, request.user), request=request)
        done = "rouvert" if opened else "fermé"
        messages.success(
            request, f"{len(chosen)} service{'s' if len(chosen) > 1 else ''} {done}{'s' if len(chosen) > 1 else ''}."
        )

    @admin.action(description="Tirer un nouveau secret (l'ancien ne vaut plus)", permissions=["change"])
    def new_secret(self, request: HttpRequest, queryset: QuerySet[Service]) -> HttpResponse | None:
        chosen = list(queryset.filter(type="confidential")[:2])
        if len(chosen) != 1:
            messages.error(request, "Choisissez un seul service confidentiel : son secret n'est montré qu'une fois.")
            return None
        secret = renew_secret(service=chosen[0], by=cast(User, request.user), request=request)
        return self._secret(request, chosen[0], secret)

    def _secret(self, request: HttpRequest, service: Service, secret: str) -> TemplateResponse:
        """In the answer itself: a message would carry it in a cookie."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "Secret du service"}
        return TemplateResponse(
            request, "admin/idp/service/secret.html", context | {"service": service, "secret": secret}
        )
