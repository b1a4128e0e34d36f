"""The pages that follow a correspondence: dry run, steps and counts; its files; who has not acted."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone

from iprof.correspondence.admin.circular_steps import TYPED_WRONG, explain, take_step
from iprof.correspondence.circular_table import late_csv
from iprof.correspondence.files import download
from iprof.correspondence.models import Circular
from iprof.correspondence.models.circulars import ALONE_UP_TO, SENT, CircularQuerySet
from iprof.correspondence.reminders import steps_to_come
from iprof.correspondence.rich_text import shown
from iprof.correspondence.selectors.circular_follow import (
    audience_in_words,
    dry_run,
    not_acted,
    progress_of,
    visible_circulars,
)
from iprof.correspondence.selectors.circulars import files_of
from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from security.enums import AccessKind
from security.journal import record
from security.models import User

PEOPLE = ("created_by", "edited_by", "simulated_by", "approved_by", "released_by", "recalled_by")


class CircularPages(ReadOnlyAdmin):
    def get_queryset(self, request: HttpRequest) -> CircularQuerySet:
        return visible_circulars(cast(User, request.user), on=timezone.localdate()).select_related(*PEOPLE)

    def get_urls(self) -> list[Any]:
        pages = (
            ("suivi", self.follow_view, "follow"),
            ("piece", self.file_view, "file"),
            ("relances", self.late_view, "late"),
        )
        own = [
            path(f"<int:pk>/{word}/", self.admin_site.admin_view(view), name=f"correspondence_circular_{name}")
            for word, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def follow_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The dry run, the steps and the counts; POST takes a step (`acte`). What was typed stays when it is refused."""
        self.check_may_view(request, read_only=False)
        circular, by = row_or_404(self.get_queryset(request), str(pk)), cast(User, request.user)
        problem, status = "", 200
        if request.method == "POST":
            try:
                messages.success(request, take_step(circular, by, request.POST))
                return redirect(reverse("admin:correspondence_circular_follow", args=[circular.pk]))
            except DomainError as error:
                problem, status = explain(error), 400 if error.code in TYPED_WRONG else 409
                circular = row_or_404(self.get_queryset(request), str(pk))
        return self._follow(request, circular, by, problem=problem, status=status)

    def _follow(self, request: HttpRequest, circular: Circular, by: User, *, problem: str, status: int) -> HttpResponse:
        run = dry_run(circular, by=by, on=timezone.localdate()) if circular.recipient_count is not None else None
        return self.own_page(
            request,
            "admin/correspondence/circular/follow.html",
            status=status,
            title=circular.title,
            row=circular,
            body=shown(circular.html),
            files=files_of(circular.pk),
            audience=audience_in_words(circular.criteria),
            run=run,
            html=shown(run.said.html) if run and run.said.html else "",
            progress=progress_of([circular])[circular.pk],
            problem=problem,
            reminders=_reminders(circular),
            reason=request.POST.get("motif", "")[:1000],
            limit=ALONE_UP_TO,
            sent=circular.state in SENT,
            own=by.pk in {circular.created_by_id, circular.edited_by_id, circular.simulated_by_id},
        )

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A joined file, for those who check it: `n` is its position."""
        self.check_may_view(request)
        circular = row_or_404(self.get_queryset(request), str(pk))
        position = request.GET.get("n", "")
        found = circular.files.filter(position=position).first() if position in {"1", "2", "3", "4", "5"} else None
        if found is None:
            raise Http404
        return download(found.attachment)

    def late_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who has not acted, among the agents in one's habilitation, as a table for spreadsheets. Leaves a trace."""
        self.check_may_view(request)
        circular, by = row_or_404(self.get_queryset(request).sent(), str(pk)), cast(User, request.user)
        people = not_acted(circular, by=by, on=timezone.localdate())
        record(
            AccessKind.CIRCULAR_MANAGED,
            actor=by,
            request=request,
            circular=circular.pk,
            act="export",
            people=len(people),
        )
        name = f"sans-reponse-{circular.pk}-{timezone.localdate():%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(late_csv(people), content_type="text/csv; charset=utf-8", headers=headers)


def _reminders(circular: Circular) -> str:
    """« rappels 7 et 1 jours avant », of those there will be."""
    told_on = timezone.localdate(circular.released_at) if circular.released_at else timezone.localdate()
    steps = steps_to_come(circular.deadline, told_on=told_on) if circular.deadline else []
    if not steps:
        return "trop proche pour un rappel"
    *first, last = (str(step) for step in steps)
    days = f"{', '.join(first)} et {last} jours" if first else f"{last} jour"
    return f"rappel{'s' if first else ''} {days} avant, à qui n'a pas répondu"
