"""Completeness at the first sending, for whoever steers: figures without names, a table as CSV (requirement S55)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from documents.domain.completeness import Share
from documents.forms.completeness import YearForm
from documents.selectors.completeness import Completeness, completeness, years
from iprof.kernel.money import format_number
from iprof.web.admin import ReadOnlyAdmin
from iprof.web.tables import csv_table

HIDDEN = "masqué"


class FiguresPages(ReadOnlyAdmin):
    def get_urls(self) -> list[Any]:
        page, table = (self.admin_site.admin_view(view) for view in (self.figures_view, self.figures_csv_view))
        return [
            path("completude/", page, name="documents_submission_figures"),
            path("completude/tableau/", table, name="documents_submission_figures_csv"),
            *super().get_urls(),
        ]

    def figures_view(self, request: HttpRequest) -> HttpResponse:
        form, found = self._read(request)
        return self.own_page(
            request,
            "admin/documents/submission/figures.html",
            status=200 if form.is_valid() else 400,
            title="Complétude des envois de pièces",
            form=form,
            found=found,
        )

    def figures_csv_view(self, request: HttpRequest) -> HttpResponse:
        """The table asked for (`par`) of a year; the page that says what is wrong for any other."""
        form, found = self._read(request)
        if not form.is_valid():
            return self.figures_view(request)
        content = csv_table(*_cells(found, form.table))
        name = f"completude-{form.table}-{found.year}.csv"
        return HttpResponse(
            content,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
        )

    @staticmethod
    def _read(request: HttpRequest) -> tuple[YearForm, Completeness]:
        if not request.user.has_perm("documents.view_completeness") or request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        today = timezone.localdate()
        form = YearForm(request.GET, years=years() or [today.year])
        form.is_valid()
        return form, completeness(form.year, on=today)


def _cells(found: Completeness, table: str) -> tuple[list[str], list[list[str]]]:
    if table == "motif":
        rows = [[one.label, _number(one.node.value)] for one in found.reasons]
        return ["Motif", "Envois renvoyés à l'agent"], rows
    shown = next(one for one in found.tables if one.code == table)
    return ["Groupe", "Envois examinés", "Complets au premier envoi", "%"], [_row(share) for share in shown.rows]


def _row(share: Share) -> list[str]:
    return [share.label, _number(share.sent), _number(share.complete), _number(share.percent)]


def _number(value: Any) -> str:
    return HIDDEN if value is None else format_number(value)
