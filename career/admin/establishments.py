"""Établissements in the administration: to look up, never to edit, for the annuaire is the master."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from career.models import AnnuaireImport, Establishment
from iprof.kernel.text import sort_key
from iprof.web.admin import ReadOnlyAdmin


class PriorityFilter(admin.SimpleListFilter):
    title, parameter_name = "éducation prioritaire", "priority_network"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("REP", "REP"), ("REP+", "REP+"), ("hors", "Hors éducation prioritaire")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Establishment]) -> QuerySet[Establishment]:
        if self.value() == "hors":
            return queryset.filter(priority_network="")
        return queryset.filter(priority_network=self.value()) if self.value() else queryset


@admin.register(Establishment)
class EstablishmentAdmin(ReadOnlyAdmin):
    list_display = ("name", "uai", "kind", "commune", "departement", "priority_network", "state")
    list_filter = ("departement", "kind", PriorityFilter, "state")
    search_fields = ("uai", "sort_key")
    search_help_text = "UAI, nom ou commune, avec ou sans accents"
    list_per_page = 50
    show_full_result_count = False
    fields = (
        ("uai", "name"),
        ("kind", "nature_code", "sector"),
        ("address", "postal_code", "commune"),
        ("commune_code", "departement", "academie_code"),
        ("priority_network", "parent_uai", "state"),
        ("opened_on", "latitude", "longitude"),
        "extracted_on",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Establishment], search_term: str
    ) -> tuple[QuerySet[Establishment], bool]:
        """The sort key holds name and commune without accents: the words typed are folded alike."""
        return super().get_search_results(request, queryset, sort_key(search_term))


@admin.register(AnnuaireImport)
class AnnuaireImportAdmin(ReadOnlyAdmin):
    list_display = ("at", "file_name", "extracted_on", "summary")
    fields = ("at", "file_name", "extracted_on", "summary", "problems")
    date_hierarchy = "at"

    @admin.display(description="décompte")
    def summary(self, row: AnnuaireImport) -> str:
        counts = row.counts
        return (
            f"{counts.get('created', 0)} ajoutés, {counts.get('updated', 0)} modifiés, "
            f"{counts.get('unchanged', 0)} inchangés, {counts.get('left_aside', 0)} écartés"
        )
