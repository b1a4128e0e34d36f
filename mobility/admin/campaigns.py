"""Campaigns in the administration: opened after a look at what teachers will read, each date moved with a reason (K2)."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.forms.deadline_look import look_at, read_look, sign_look
from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from mobility.enums import CampaignDate
from mobility.forms.campaigns import CampaignForm, MoveForm
from mobility.models import Campaign
from mobility.selectors.campaigns import corps_reached
from mobility.selectors.requests import milestones
from mobility.services.campaigns import create_campaign, move_date
from security.models import User

FOLDER = "admin/mobility/campaign"
SENTENCES = {
    "campaign_no_reason": "Écrivez le motif : sans lui, une date ne change pas.",
    "campaign_same_date": "Cette date est déjà celle qui est annoncée : rien n'a changé.",
    "deadline_past": "Cette date est déjà passée : personne ne pourrait agir. Choisissez une date à venir.",
    "deadline_advance": "Avancer la clôture retire du temps aux agents : demandez-le à l'administrateur de l'académie.",
    "deadline_out_of_reach": "L'échéance annoncée concerne des agents hors de votre périmètre. Adressez-vous à son auteur.",
}
NOT_LOOKED = "Vous n'avez pas encore vu ce que les agents liront : rien n'est annoncé. Relisez, puis annoncez."
SINCE = "La campagne ou les personnes concernées ont changé depuis que vous les avez vues : rien n'est annoncé. Relisez, puis annoncez."


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ("title", "session", "opens_at", "closes_at", "results_at", "moves")
    list_filter = ("degree", "phase", "session")
    search_fields = ("title", "source")
    search_help_text = "Intitulé ou texte"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mobility.add_campaign")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form, then what the agents will read and how many they are: nothing is written before the second look."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        by = cast(User, request.user)
        if request.method != "POST":
            return self._add_page(request, CampaignForm(by=by))
        if first := self._announced(request, by):
            return first
        form = CampaignForm(request.POST, by=by)
        if not form.is_valid():
            return self._add_page(request, form, status=400)
        if request.POST.get("etape") != "annoncer":
            return self._look(request, form, by)
        return self._announce(request, form, by)

    def _add_page(self, request: HttpRequest, form: CampaignForm, *, status: int = 200, **shown: Any) -> HttpResponse:
        context = {"form": form, "preview": None} | shown
        return self.own_page(request, f"{FOLDER}/add.html", status=status, title="Ouvrir une campagne", **context)

    def _look(self, request: HttpRequest, form: CampaignForm, by: User, *, changed: str = "") -> HttpResponse:
        preview = Campaign(**form.fill())
        return self._add_page(
            request, form, status=409 if changed else 200, changed=changed, preview=preview, count=len(form.accounts),
            dates=milestones(preview, timezone.now()), look=sign_look(look_at(form), by=by.pk),
            corps=corps_reached(preview.degree, by=by, on=timezone.localdate()),
        )  # fmt: skip

    def _announced(self, request: HttpRequest, by: User) -> HttpResponse | None:
        """The page of the campaign that this very look has become: a second click makes no second one."""
        seen = read_look(request.POST.get("vue", ""), by=by.pk)
        first = Campaign.objects.filter(public_id=seen.name).first() if seen else None
        if first is None:
            return None
        messages.info(request, "Cette campagne est déjà annoncée : la voici. Rien n'a été envoyé deux fois.")
        return redirect(_page(first))

    def _announce(self, request: HttpRequest, form: CampaignForm, by: User) -> HttpResponse:
        seen, now = read_look(request.POST.get("vue", ""), by=by.pk), look_at(form)
        if seen is None:
            return self._look(request, form, by, changed=NOT_LOOKED)
        if (seen.typed, seen.people) != (now.typed, now.people):
            return self._look(request, form, by, changed=SINCE)
        try:
            campaign = create_campaign(campaign=Campaign(public_id=seen.name, **form.fill()), by=by)
        except ValidationError as error:
            form.add_error(None, forms.ValidationError(error.messages))
            return self._add_page(request, form, status=400)
        except IntegrityError:  # the other of two clicks came first
            if first := self._announced(request, by):
                return first
            raise
        told = "Sa clôture paraît dans « Échéances »." if campaign.deadline_id else "Personne n'est encore concerné."
        messages.success(request, f"La campagne est annoncée. {told}")
        return redirect(_page(campaign))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The dates and the log of their moves; POST moves one."""
        self.check_may_view(request, read_only=False)
        row, status = row_or_404(self.get_queryset(request), object_id), 200
        may_move = request.user.has_perm("mobility.move_campaign")
        form = MoveForm(request.POST if request.method == "POST" else None, campaign=row)
        if request.method == "POST":
            if not may_move:
                raise PermissionDenied
            if form.is_valid() and self._moved(request, row, form):
                return redirect(_page(row))
            status = 400
        return self.own_page(
            request, f"{FOLDER}/change.html", status=status, title=str(row), row=row, form=form, may_move=may_move,
            dates=milestones(row, timezone.now()), history=row.history.select_related("decided_by"),
            people=row.deadline.people.count() if row.deadline else 0,
        )  # fmt: skip

    @staticmethod
    def _moved(request: HttpRequest, row: Campaign, form: MoveForm) -> bool:
        told = form.cleaned_data
        try:
            move_date(
                campaign=row, date=CampaignDate(told["date"]), to=told["to"], reason=told["reason"],
                by=cast(User, request.user),
            )  # fmt: skip
        except DomainError as error:
            form.add_error("reason" if error.code == "campaign_no_reason" else "to", SENTENCES[error.code])
        except ValidationError as error:
            form.add_error("to", forms.ValidationError(error.messages))
        else:
            messages.success(request, "La date est changée, les personnes concernées en sont averties une fois.")
            return True
        return False


def _page(campaign: Campaign) -> str:
    return reverse("admin:mobility_campaign_change", args=[campaign.pk])
