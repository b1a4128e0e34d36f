"""Certificates of destruction: read, printed, checked against the access journal; never written."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import content_disposition_header

from documents.models import DestructionCertificate
from documents.services.certificates import Line, certificate_pdf, is_true
from iprof.web.admin import ReadOnlyAdmin, row_or_404


@admin.register(DestructionCertificate)
class DestructionCertificateAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "cause", "number", "ran_by", "digest")
    list_filter = ("cause",)
    list_select_related = ("ran_by",)
    date_hierarchy = "made_at"

    @admin.display(description="documents")
    def number(self, row: DestructionCertificate) -> int:
        return row.total

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.check_may_view(request)
        row = row_or_404(self.get_queryset(request), object_id)
        return self.own_page(
            request,
            "admin/documents/destructioncertificate/change.html",
            title=str(row),
            row=row,
            true=is_true(row),
            lines=[Line(*line) for line in row.lines],
        )

    def get_urls(self) -> list[Any]:
        pdf = self.admin_site.admin_view(self.pdf_view)
        return [path("<int:pk>/pdf/", pdf, name="documents_destructioncertificate_pdf"), *super().get_urls()]

    def pdf_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.check_may_view(request)
        row = row_or_404(self.get_queryset(request), str(pk))
        name = f"certificat-destruction-{row.pk}.pdf"
        return HttpResponse(
            certificate_pdf(row),
            content_type="application/pdf",
            headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
        )
