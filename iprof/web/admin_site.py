"""The one admin site: our own tables only, behind the portal's one sign-in."""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.exceptions import BadRequest
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., Any])
OWN_APPS = {"career", "correspondence", "documents", "idp", "mobility", "security"}


class PortalAdminSite(admin.AdminSite):
    """Libraries register groups, addresses, second factors: there an administrator could take over an account without
    a trace. Groups follow the code (`security.roles`), the rest belongs to its owner: none of it gets a page."""

    index_title = "Gestion"
    enable_nav_sidebar = False  # the lists need the width; the index is one click away

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: Iterable[type[Model]] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        own = [model for model in models if model._meta.app_label in OWN_APPS]
        if own:
            super().register(own, admin_class, **options)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """A NUL in an address is refused for every list at once: a filter would carry it to the database, which fails."""

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if any("\x00" in value for _, values in request.GET.lists() for value in values):
                raise BadRequest("NUL in the address")
            return view(request, *args, **kwargs)

        return super().admin_view(cast(View, update_wrapper(checked, view)), cacheable)

    def get_urls(self) -> list[Any]:
        """Without the shortcut to the page of any row of any table: nobody uses it, and it tells which rows exist."""
        return [entry for entry in super().get_urls() if getattr(entry, "name", None) != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The admin's own page would know neither waits nor a second factor. 403 for whoever is no staff."""
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response
