"""Habilitations: who manages which files, from when to when. They end, they are never deleted (norm D21)."""

import re
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from iprof.web.admin import PortalAdmin
from iprof.web.forms import set_choices
from security.enums import ScopeKind
from security.models import Habilitation, User
from security.policies import SCOPE_KINDS
from security.services_staff import STAFF_ROLES, grant

UAI = re.compile(r"^\d{7}[A-Z]$")


class HabilitationForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = Habilitation
        fields = ("user", "role", "scope_kind", "scope_code", "starts_on", "ends_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            set_choices(self, "role", [(role.value, role.label) for role in STAFF_ROLES])

    def clean_scope_code(self) -> str:
        return str(self.cleaned_data.get("scope_code") or "").strip().upper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, code, role = data.get("scope_kind"), data.get("scope_code", ""), data.get("role")
        if kind == ScopeKind.DEPARTEMENT and code not in settings.DEPARTEMENTS:
            known = ", ".join(settings.DEPARTEMENTS)
            self.add_error(
                "scope_code", f"« {code} » n'est pas un département de l'académie. Écrivez l'un de : {known}."
            )
        if kind == ScopeKind.ESTABLISHMENT and not UAI.match(code):
            self.add_error("scope_code", "Un UAI a sept chiffres et une lettre, par exemple 0519876A : vérifiez-le.")
        if kind == ScopeKind.ACADEMIE and code:
            self.add_error("scope_code", "Toute l'académie n'a pas de code : laissez ce champ vide.")
        if role in SCOPE_KINDS and kind and kind not in SCOPE_KINDS[role]:
            self.add_error("scope_kind", "Un chef d'établissement est habilité sur un établissement seulement.")
        starts = data.get("starts_on") or self.instance.starts_on
        if starts and data.get("ends_on") and data["ends_on"] < starts:
            self.add_error("ends_on", "La date de fin précède la date de début : corrigez-la.")
        return data


class CurrentFilter(admin.SimpleListFilter):
    title, parameter_name = "en vigueur", "vigueur"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "En vigueur"), ("non", "Terminée ou à venir")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Habilitation]) -> QuerySet[Habilitation]:
        current = Habilitation.objects.current(timezone.localdate()).values("pk")
        if self.value() == "oui":
            return queryset.filter(pk__in=current)
        return queryset.exclude(pk__in=current) if self.value() == "non" else queryset


@admin.register(Habilitation)
class HabilitationAdmin(PortalAdmin):
    form = HabilitationForm
    list_display = ("user", "role", "scope_kind", "scope_code", "starts_on", "ends_on", "granted_by")
    list_filter = (CurrentFilter, "role", "scope_kind")
    list_select_related = ("user", "granted_by")
    search_fields = ("user__username", "user__last_name", "scope_code")
    search_help_text = "Identifiant, nom ou code du périmètre"
    raw_id_fields = ("user",)
    ordering = ("user__last_name", "starts_on", "pk")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Habilitations", **(extra_context or {})})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What was granted stays as it was; only its end is set afterwards."""
        return ("user", "role", "scope_kind", "scope_code", "starts_on") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Habilitation, form: Any, change: bool) -> None:
        grant(habilitation=obj, by=cast(User, request.user), request=request)
