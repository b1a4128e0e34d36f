"""The news in the administration: written, seen as their readers will, re-read if one likes, published, taken down."""

from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from iprof.correspondence.enums import NewsState
from iprof.correspondence.forms.reports import no_numen
from iprof.correspondence.models import NewsItem
from iprof.correspondence.rich_text import clean, plain
from iprof.correspondence.services.news import publish_news, review_news, save_news, take_down_news
from iprof.kernel.errors import DomainError
from iprof.web.admin import PortalAdmin, row_or_404
from security.models import User

SENTENCES = {
    "news_own": "Vous avez écrit cette actualité : une autre personne peut la relire.",
    "news_published": "Cette actualité est déjà publiée.",
    "news_over": "La fin d'affichage est passée : cette actualité ne serait montrée à personne. Changez cette date.",
    "news_not_published": "Cette actualité n'est pas publiée.",
}
ACTS = {
    "relire": (review_news, "change", "L'actualité est relue."),
    "publier": (publish_news, "publish", "L'actualité est publiée. Elle sera dans le courriel de lundi prochain."),
    "retirer": (take_down_news, "publish", "L'actualité est retirée du portail et du flux."),
}


def moment(label: str, *, required: bool) -> forms.DateTimeField:
    """A day and an hour in one labelled field: the two fields of the administration have no label each (RGAA 11.1)."""
    return forms.DateTimeField(
        label=label,
        required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "invalid": "Cette date n'existe pas. Écrivez un jour et une heure, par exemple 24/11/2026 08:00."
        },
    )


class NewsForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    departement = forms.ChoiceField(label="Département concerné", required=False)
    published_from = moment("Affiché à partir du", required=True)
    published_until = moment("Affiché jusqu'au", required=False)
    body = forms.CharField(
        label="Texte",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        help_text="Texte simple, ou HTML limité aux titres (h3, h4), paragraphes, listes, gras, italique et liens. Sans nom "
        "de personne ni donnée d'un dossier.",
        error_messages={
            "max_length": "Ce texte dépasse 20 000 caractères. Raccourcissez-le ou renvoyez vers une page."
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "summary"):
            if name in self.fields:  # neither, for whoever may only read
                self.fields[name].widget.attrs["class"] = "vLargeTextField"
        if "departement" in self.fields:
            whole = ("", "Toute l'académie")
            cast(forms.ChoiceField, self.fields["departement"]).choices = [whole, *settings.DEPARTEMENTS.items()]

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if not plain(clean(body)):
            raise ValidationError("Une fois nettoyé, ce texte est vide. Écrivez au moins une phrase.")
        return body

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("title", "summary", "body"):
            try:
                no_numen(data.get(name, ""))
            except ValidationError as error:
                self.add_error(name, error)
        return data


@admin.register(NewsItem)
class NewsAdmin(PortalAdmin):
    form = NewsForm
    list_display = ("title", "category", "concerned", "state", "published_from", "published_until", "edited_by")
    list_filter = ("state", "category")
    list_select_related = ("edited_by",)
    search_fields = ("title", "summary")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields: ClassVar[list[Any]] = [
        "title", "summary", ("category", "departement"), ("published_from", "published_until"), "body",
    ]  # fmt: skip
    change_form_template = "admin/correspondence/newsitem/change_form.html"

    @admin.display(description="concerne", ordering="departement")
    def concerned(self, item: NewsItem) -> str:
        return item.concerns

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Actualités", **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: NewsItem | None = None) -> tuple[str, ...]:
        """The beginning of what is shown stays: the mail of the week and the marks of the readers rest on it."""
        return ("published_from",) if obj is not None and obj.state == NewsState.PUBLISHED else ()

    def view_on_site(self, obj: NewsItem) -> str | None:
        return obj.get_absolute_url() if NewsItem.objects.shown(timezone.now()).filter(pk=obj.pk).exists() else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"published_from": timezone.localtime().replace(second=0, microsecond=0)}

    def save_model(self, request: HttpRequest, obj: NewsItem, form: Any, change: bool) -> None:
        save_news(item=obj, by=cast(User, request.user))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        item = context.get("original")
        if item is not None:
            context |= {
                "step_url": reverse("admin:correspondence_newsitem_step", args=[item.pk]),
                "preview_url": reverse("admin:correspondence_newsitem_preview", args=[item.pk]),
                "shown": item.state == NewsState.PUBLISHED,
                "is_own": item.edited_by_id == request.user.pk,
                "may_review": request.user.has_perm("correspondence.change_newsitem"),
                "may_publish": request.user.has_perm("correspondence.publish_newsitem"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        step = self.admin_site.admin_view(require_POST(self.step_view))
        preview = self.admin_site.admin_view(self.preview_view)
        return [
            path("<int:pk>/etape/", step, name="correspondence_newsitem_step"),
            path("<int:pk>/apercu/", preview, name="correspondence_newsitem_preview"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page as its readers will have it, from the text last saved."""
        if not self.has_view_permission(request) or request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        item = row_or_404(NewsItem.objects.all(), str(pk))
        back = reverse("admin:correspondence_newsitem_change", args=[item.pk])
        return render(request, "correspondence/news_detail.html", {"item": item, "preview": back})

    def step_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Re-read, publish or take down; a refusal says why on the page of the item."""
        known = ACTS.get(request.POST.get("acte", ""))
        if known is None or not request.user.has_perm(f"correspondence.{known[1]}_newsitem"):
            raise PermissionDenied
        act, _, done = known
        item = row_or_404(NewsItem.objects.all(), str(pk))
        try:
            act(item=item, by=cast(User, request.user))
            messages.success(request, done)
        except DomainError as error:
            messages.error(request, SENTENCES[error.code])
        return redirect(reverse("admin:correspondence_newsitem_change", args=[item.pk]))
