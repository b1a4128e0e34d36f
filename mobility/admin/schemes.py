"""Openings of the specific schemes, each move of their dates with its reason, and the guides of the DSDEN (K2, S59)."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from career.selectors.agents import MANAGERS
from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from mobility.domain.schemes import schemes
from mobility.enums_schemes import SchemeDate
from mobility.forms.scheme_admin import GuideForm, MoveForm, OpeningForm
from mobility.models import SchemeCampaign, SchemeGuide
from mobility.selectors.schemes import guide_of, label_of
from mobility.services.scheme_campaigns import move_scheme_date, open_scheme, write_guide
from security.models import User
from security.policies import scope_of

PROBLEMS = {
    "scheme_no_reason": "Écrivez le motif : sans lui, une date ne change pas.",
    "scheme_same_date": "Cette date est déjà celle qui est annoncée : rien n'a changé.",
}


class SchemeNamed:
    """The scheme of a row, by its name."""

    @admin.display(description="dispositif", ordering="scheme")
    def label(self, row: Any) -> str:
        law = schemes().get(row.scheme)
        return label_of(law) if law else row.scheme


@admin.register(SchemeCampaign)
class SchemeCampaignAdmin(SchemeNamed, ReadOnlyAdmin):
    list_display = ("label", "year", "opens_at", "closes_at", "opinions_until", "results_at", "moves")
    list_filter = ("year",)
    form = OpeningForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mobility.add_schemecampaign")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {"title": "Ouvrir un dispositif", **(extra_context or {})})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The day and the hour of a date are two fields: each says what it is to who does not see them."""
        found: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        for widget, word in zip(
            getattr(getattr(found, "widget", None), "widgets", ()), ("jour", "heure"), strict=False
        ):
            widget.attrs["aria-label"] = f"{found.label}, {word}"
        return found

    def save_model(self, request: HttpRequest, obj: SchemeCampaign, form: Any, change: bool) -> None:
        open_scheme(campaign=obj, by=cast(User, request.user))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The dates and their history; POST moves one."""
        self.check_may_view(request, read_only=False)
        row, status = row_or_404(self.get_queryset(request), object_id), 200
        may_move = request.user.has_perm("mobility.move_schemecampaign")
        form = MoveForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if not may_move:
                raise PermissionDenied
            if form.is_valid() and self._moved(request, row, form):
                return redirect(reverse("admin:mobility_schemecampaign_change", args=[row.pk]))
            status = 400
        dates = [(date.label, getattr(row, date.value)) for date in SchemeDate]
        return self.own_page(
            request, "admin/mobility/schemecampaign/move.html", status=status, title=f"{self.label(row)}, {row.year}",
            row=row, form=form, dates=dates, may_move=may_move, history=row.history.select_related("decided_by"),
        )  # fmt: skip

    def _moved(self, request: HttpRequest, row: SchemeCampaign, form: MoveForm) -> bool:
        told = form.cleaned_data
        try:
            move_scheme_date(
                campaign=row, date=SchemeDate(told["date"]), to=told["to"], reason=told["reason"], by=cast(User, request.user)
            )  # fmt: skip
        except DomainError as error:
            form.add_error("reason" if error.code == "scheme_no_reason" else "to", PROBLEMS[error.code])
        except ValidationError as error:
            form.add_error("to", forms.ValidationError(error.messages))
        else:
            messages.success(request, "La date est changée. Le motif est écrit dans l'historique.")
            return True
        return False


@admin.register(SchemeGuide)
class SchemeGuideAdmin(SchemeNamed, ReadOnlyAdmin):
    """A version is never changed: another is written above it."""

    list_display = ("label", "departement", "number", "author", "written_at")
    list_filter = ("departement",)
    list_select_related = ("author",)
    form = GuideForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mobility.add_schemeguide")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {"title": "Écrire un guide", **(extra_context or {})})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **{**kwargs, "form": forms.ModelForm})
        scope = scope_of(cast(User, request.user), on=timezone.localdate()).of(MANAGERS)
        return super().get_form(
            request, obj, change, **{**kwargs, "form": type("Guide", (GuideForm,), {"scope": scope})}
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """With `scheme` in the address, the text in force, to start from."""
        law = schemes().get(request.GET.get("scheme", ""))
        if law is None:
            return {}
        found = guide_of(law, departement=request.GET.get("departement", "")[:3])
        return {
            "scheme": law.code,
            "departement": request.GET.get("departement", "")[:3],
            "text": "\n".join(found.lines),
        }

    def save_model(self, request: HttpRequest, obj: SchemeGuide, form: Any, change: bool) -> None:
        write_guide(guide=obj, by=cast(User, request.user))
