"""The report of the spring audit: a page and a PDF, for a period, made on demand and written in the journal (S66)."""

import datetime as dt
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.utils.http import content_disposition_header

from documents.forms.audit import AuditForm
from documents.selectors.audit import Audit, audit
from iprof.kernel.periods import add_months
from iprof.web.printing import explanations, printed
from security.enums import AccessKind
from security.journal import record
from security.models import User

TEMPLATE = "admin/documents/privacyrequest/audit.html"


class AuditPages:
    """Two pages of the queue of the délégué, whose admin this is mixed in."""

    def audit_view(self: Any, request: HttpRequest) -> HttpResponse:
        """GET chooses the period; POST makes the report."""
        self._check_may_audit(request)
        today = timezone.localdate()
        if request.method != "POST":
            form = AuditForm(initial={"du": add_months(today, -12) + dt.timedelta(1), "au": today})
            return cast(HttpResponse, self.own_page(request, TEMPLATE, title="Rapport d'audit", form=form))
        form = AuditForm(request.POST)
        found = self._made(request, form)
        status = 200 if found else 400
        return cast(
            HttpResponse,
            self.own_page(request, TEMPLATE, status=status, title="Rapport d'audit", form=form, audit=found, on=today),
        )

    def audit_pdf(self: Any, request: HttpRequest) -> HttpResponse:
        self._check_may_audit(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = AuditForm(request.POST)
        found = self._made(request, form)
        if found is None:
            return cast(HttpResponse, self.own_page(request, TEMPLATE, status=400, title="Rapport d'audit", form=form))
        annex = [(node, tuple(explanations(node))) for node in found.figures]
        content = printed("pdf/audit.html", {"audit": found, "on": timezone.localdate(), "annex": annex})
        name = f"audit-donnees-{found.since:%Y-%m-%d}-{found.until:%Y-%m-%d}.pdf"
        headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    def _check_may_audit(self: Any, request: HttpRequest) -> None:
        if not self.has_view_permission(request) or not request.user.has_perm("documents.read_privacy_audit"):
            raise PermissionDenied

    def _made(self: Any, request: HttpRequest, form: AuditForm) -> Audit | None:
        if not form.is_valid():
            return None
        since, until = form.cleaned_data["du"], form.cleaned_data["au"]
        period = {"since": since.isoformat(), "until": until.isoformat()}
        record(AccessKind.PRIVACY_AUDITED, actor=cast(User, request.user), request=request, **period)
        return audit(since=since, until=until, on=timezone.localdate())
