"""« Aide » in the administration: the académie's own articles, those shipped with the portal, what was searched in vain."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from iprof.correspondence.forms.reports import no_numen
from iprof.correspondence.models import EmptySearch, HelpArticle
from iprof.correspondence.rich_text import clean
from iprof.correspondence.services.faq import plain_words, save_article
from iprof.web.admin import PortalAdmin, ReadOnlyAdmin
from security.models import User

SHIPPED = ("code", "kind", "category", "question", "answer", "keywords", "position")


class HelpForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    answer = forms.CharField(
        label="Réponse",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        help_text="Texte simple, ou HTML limité aux titres (h3, h4), paragraphes, listes, gras, italique et liens.",
        error_messages={"max_length": "Cette réponse dépasse 10 000 caractères. Partagez-la en plusieurs articles."},
    )

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if not plain_words(clean(answer)):
            raise ValidationError("Une fois nettoyée, cette réponse est vide. Écrivez au moins une phrase.")
        no_numen(answer)
        return answer


@admin.register(HelpArticle)
class HelpAdmin(PortalAdmin):
    form = HelpForm
    list_display = ("question", "category", "kind", "published", "from_portal", "updated_on", "updated_by")
    list_filter = ("category", "kind", "published", "from_portal")
    list_select_related = ("updated_by",)
    search_fields = ("question", "keywords", "plain")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    prepopulated_fields: ClassVar[dict[str, Any]] = {"code": ("question",)}
    fields: ClassVar[list[Any]] = [
        "question", "code", ("kind", "category"), "answer", "keywords", ("position", "published"),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[HelpArticle]:
        return HelpArticle.objects.defer("vector")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Articles d'aide", **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: HelpArticle | None = None) -> tuple[str, ...]:
        """A shipped article comes with each version of the portal: here it is shown or hidden, no more."""
        return SHIPPED if obj is not None and obj.from_portal else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: HelpArticle | None = None) -> dict[str, Any]:
        return {} if obj is not None else dict(self.prepopulated_fields)

    def view_on_site(self, obj: HelpArticle) -> str | None:
        return obj.get_absolute_url() if obj.published else None

    def save_model(self, request: HttpRequest, obj: HelpArticle, form: Any, change: bool) -> None:
        save_article(article=obj, by=cast(User, request.user))


@admin.register(EmptySearch)
class EmptySearchAdmin(ReadOnlyAdmin):
    """What to write next. Nobody is named: the text, the day, how often."""

    list_display = ("text", "day", "times")
    list_display_links = None
    date_hierarchy = "day"
    search_fields = ("text",)
    list_title = "Recherches de l'aide restées sans réponse"
    fields: ClassVar[list[Any]] = ["text", "day", "times"]
