"""The bulletin in the administration: written with its lures, re-read by another person, published, corrected by errata."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from iprof.correspondence.enums import BulletinState
from iprof.correspondence.models import Bulletin, Lure
from iprof.correspondence.quarters import Quarter
from iprof.correspondence.selectors.bulletins import missing_bulletin
from iprof.correspondence.services.bulletins import (
    add_erratum,
    publish_bulletin,
    review_bulletin,
    save_draft,
)
from iprof.kernel.errors import DomainError
from iprof.web.admin import PortalAdmin, row_or_404
from security.models import User

SENTENCES = {
    "bulletin_published": "Ce bulletin est déjà publié : il ne change plus. Ajoutez un erratum.",
    "bulletin_own": "Vous avez écrit ce bulletin : une autre personne doit le relire.",
    "bulletin_no_lure": "Ce bulletin ne décrit aucun message frauduleux. Ajoutez-en au moins un.",
    "bulletin_incomplete": "Ce bulletin contient encore « À compléter avant relecture ». Écrivez ce qui manque.",
    "bulletin_not_reviewed": "Ce bulletin n'est pas relu, ou il a changé depuis : faites-le relire avant de le publier.",
    "bulletin_not_published": "Un erratum ne s'ajoute qu'à un bulletin publié. Modifiez plutôt le brouillon.",
    "erratum_empty": "Écrivez l'erratum : il ne peut pas être vide.",
    "erratum_too_long": "Les errata de ce bulletin dépassent 2 000 caractères. Raccourcissez celui-ci.",
}


class LureInline(admin.StackedInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = Lure
    extra = 1
    fields: ClassVar[list[Any]] = ["position", "subject", "sender", "attachment", "clue"]

    def _may(self, request: HttpRequest, bulletin: Bulletin | None, act: str) -> bool:
        open_to_change = bulletin is None or bulletin.state != BulletinState.PUBLISHED
        return open_to_change and request.user.has_perm(f"correspondence.{act}_bulletin")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("correspondence.view_bulletin")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj, "change" if obj else "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj, "change")

    has_delete_permission = has_change_permission


@admin.register(Bulletin)
class BulletinAdmin(PortalAdmin):
    list_display = ("period_label", "title", "state", "edited_by", "reviewed_by", "published_at", "readers")
    list_filter = ("state",)
    list_select_related = ("edited_by", "reviewed_by")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    inlines = (LureInline,)
    fields: ClassVar[list[Any]] = [("year", "quarter"), "title", "body"]
    change_form_template = "admin/correspondence/bulletin/change_form.html"
    change_list_template = "admin/correspondence/bulletin/change_list.html"

    @admin.display(description="trimestre", ordering="-year")
    def period_label(self, bulletin: Bulletin) -> str:
        return str(bulletin.period)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bulletin]:
        return Bulletin.objects.annotate(reader_count=Count("reads"))

    @admin.display(description="lectures")
    def readers(self, bulletin: Bulletin) -> int:
        return int(bulletin.reader_count)  # type: ignore[attr-defined]  # annotated

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        published = obj is not None and obj.state == BulletinState.PUBLISHED
        return not published and super().has_change_permission(request, obj)

    def view_on_site(self, obj: Bulletin) -> str | None:
        """A draft has no page yet."""
        return obj.get_absolute_url() if obj.state == BulletinState.PUBLISHED else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        quarter = Quarter.of(timezone.localdate())
        return {"year": quarter.year, "quarter": quarter.number}

    def save_model(self, request: HttpRequest, obj: Bulletin, form: Any, change: bool) -> None:
        try:
            save_draft(bulletin=obj, by=cast(User, request.user))
        except DomainError as error:  # published while this page was open
            raise PermissionDenied(SENTENCES[error.code]) from error

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        extra = {"title": "Bulletins d'alerte", "missing": missing_bulletin(timezone.localdate())}
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        bulletin = context.get("original")
        if bulletin is not None:
            user = cast(User, request.user)
            context |= {
                "step_url": reverse("admin:correspondence_bulletin_step", args=[bulletin.pk]),
                "may_review": bulletin.state == BulletinState.DRAFT and user.has_perm("correspondence.review_bulletin"),
                "is_own": bulletin.edited_by_id == user.pk,
                "may_publish": bulletin.state == BulletinState.REVIEWED
                and user.has_perm("correspondence.publish_bulletin"),
                "may_correct": bulletin.state == BulletinState.PUBLISHED
                and user.has_perm("correspondence.publish_bulletin"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        step = self.admin_site.admin_view(require_POST(self.step_view))
        return [path("<int:pk>/etape/", step, name="correspondence_bulletin_step"), *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Re-read, publish or correct; a refusal says why on the page of the bulletin."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        bulletin, by = row_or_404(Bulletin.objects.all(), str(pk)), cast(User, request.user)
        try:
            messages.success(request, self._step(request, bulletin, by))
        except DomainError as error:
            messages.error(request, SENTENCES[error.code])
        return redirect(reverse("admin:correspondence_bulletin_change", args=[bulletin.pk]))

    @staticmethod
    def _step(request: HttpRequest, bulletin: Bulletin, by: User) -> str:
        act = request.POST.get("acte", "")
        if not by.has_perm(f"correspondence.{'review' if act == 'relire' else 'publish'}_bulletin"):
            raise PermissionDenied
        match act:
            case "relire":
                review_bulletin(bulletin=bulletin, by=by)
                return "Le bulletin est relu : il peut être publié."
            case "publier":
                publish_bulletin(bulletin=bulletin, by=by)
                return "Le bulletin est publié. Une alerte part à chaque utilisateur."
            case "corriger":
                add_erratum(bulletin=bulletin, by=by, text=request.POST.get("erratum", "").replace("\x00", ""))
                return "L'erratum est publié."
        raise PermissionDenied
