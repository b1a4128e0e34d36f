"""The messages users report, gathered by campaign: kept for the bulletin of the quarter or set aside, all at once."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone

from iprof.correspondence.models import SuspiciousReport
from iprof.correspondence.selectors.bulletins import report_groups, reporting_share
from iprof.correspondence.services.reports import dismiss_group, keep_group
from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin
from security.domain.confusables import visible
from security.domain.lookalikes import defanged
from security.models import User

SENTENCES = {
    "report_settled": "Ces signalements ont déjà été examinés.",
    "bulletin_published": "Le bulletin de ce trimestre est déjà publié. Gardez ces signalements pour le prochain.",
}


@admin.register(SuspiciousReport)
class SuspiciousReportAdmin(ReadOnlyAdmin):
    """Who reported a message is no field: staff deal with messages, not with their readers."""

    list_display = ("created_at", "subject", "sender", "campaign", "state")
    list_filter = ("state",)
    search_fields = ("subject", "sender", "group_key")
    search_help_text = "Objet, expéditeur ou campagne"
    date_hierarchy = "created_at"
    change_list_template = "admin/correspondence/suspiciousreport/change_list.html"
    fields: ClassVar[list[Any]] = [
        "created_at", "subject", "sender", "inert_link", "attachment", "text", "campaign", "state", "handled_by", "handled_at",
    ]  # fmt: skip
    readonly_fields = ("inert_link", "campaign")

    @admin.display(description="campagne", ordering="group_key")
    def campaign(self, report: SuspiciousReport) -> str:
        return defanged(report.group_key)

    @admin.display(description="lien (neutralisé)")
    def inert_link(self, report: SuspiciousReport) -> str:
        return defanged(report.link)

    @staticmethod
    def inert(report: SuspiciousReport) -> list[tuple[str, str]]:
        """What the message showed, by label: nothing opens, nothing hides; what is empty is left out."""
        parts = (
            ("Expéditeur affiché", visible(report.sender)),
            ("Lien (neutralisé)", defanged(report.link)),
            ("Pièce jointe", visible(report.attachment)),
            ("Passage", report.text),
        )
        return [(label, value) for label, value in parts if value]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        url = reverse("admin:correspondence_suspiciousreport_groups")
        return super().changelist_view(request, {"groups_url": url, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        groups = self.admin_site.admin_view(self.groups_view)
        return [path("campagnes/", groups, name="correspondence_suspiciousreport_groups"), *super().get_urls()]

    def groups_view(self, request: HttpRequest) -> HttpResponse:
        """The campaigns that wait; POST keeps or dismisses all the reports of one (`campagne`)."""
        self.check_may_view(request, read_only=False)
        may_handle = request.user.has_perm("correspondence.handle_suspiciousreport")
        if request.method == "POST":
            if not may_handle:
                raise PermissionDenied
            return self._handle(request, cast(User, request.user))
        groups = [(group, defanged(group.key), self.inert(group.example)) for group in report_groups()]
        return self.own_page(
            request,
            "admin/correspondence/suspiciousreport/groups.html",
            title="Messages suspects, par campagne",
            groups=groups,
            share=reporting_share(timezone.localdate()),
            may_handle=may_handle,
        )

    @staticmethod
    def _handle(request: HttpRequest, by: User) -> HttpResponse:
        key = request.POST.get("campagne", "").replace("\x00", "")
        try:
            match request.POST.get("decision"):
                case "retenir":
                    bulletin = keep_group(key=key, by=by, on=timezone.localdate())
                    messages.success(request, "Le message est ajouté au brouillon du bulletin. Complétez-le.")
                    return redirect(reverse("admin:correspondence_bulletin_change", args=[bulletin.pk]))
                case "ecarter":
                    count = dismiss_group(key=key, by=by)
                    messages.success(request, f"{count} signalement(s) écarté(s).")
                case _:
                    messages.error(request, "Aucune décision n'a été comprise. Choisissez un des boutons.")
        except DomainError as error:
            messages.error(request, SENTENCES[error.code])
        return redirect(reverse("admin:correspondence_suspiciousreport_groups"))
