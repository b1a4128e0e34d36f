"""Results in the administration: a file is read without writing, imported, then released by somebody else (K3, D17)."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from iprof.kernel.errors import DomainError
from iprof.web.admin import ReadOnlyAdmin, row_or_404
from iprof.web.templatetags.iprof import badge
from mobility.enums import BatchState
from mobility.forms.results import ResultsForm
from mobility.models import ResultBatch
from mobility.selectors.results import counts_of
from mobility.services.results import dismiss, dry_run, import_results, recall, release
from security.models import User

FOLDER = "admin/mobility/resultbatch"
TONES = {
    BatchState.IMPORTED: "warning", BatchState.RELEASED: "success", BatchState.DISMISSED: "info",
    BatchState.RECALLED: "error",
}  # fmt: skip
SENTENCES = {
    "results_problems": "Le fichier a des lignes à corriger : rien n'est importé.",
    "results_empty": "Le fichier ne contient aucun résultat : rien n'est importé.",
    "results_twice": "Ce fichier est déjà importé pour cette campagne.",
    "results_state": "Ce fichier a changé d'état pendant que vous le lisiez : rien n'est fait. Relisez-le.",
    "results_same_person": "Vous avez importé ce fichier : une autre personne le publie.",
    "results_own": "Votre propre demande est dans ce fichier : une autre personne le publie.",
    "results_embargo": "La date des résultats n'est pas venue : rien n'est publié.",
    "results_changed": "Une demande du fichier n'est plus en cours d'étude : rien n'est publié. Écartez le fichier.",
    "results_reason": "Écrivez le motif : il est gardé, et lu par les agents en cas de rappel.",
}


@admin.register(ResultBatch)
class ResultBatchAdmin(ReadOnlyAdmin):
    list_title = "Résultats de la mobilité"
    list_display = ("campaign", "stands", "rows", "imported_by", "imported_at", "released_by", "released_at")
    list_filter = ("state", "campaign")
    list_select_related = ("campaign", "imported_by", "released_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mobility.import_results")

    @admin.display(description="état")
    def stands(self, row: ResultBatch) -> SafeString:
        return badge(row.get_state_display(), TONES[BatchState(row.state)])

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """« Essayer » reads the file and writes nothing; « Importer » keeps it for a second person."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ResultsForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self._import_page(request, form, status=400 if request.method == "POST" else 200)
        campaign, content = form.cleaned_data["campaign"], form.cleaned_data["file"].read()
        found = dry_run(campaign=campaign, content=content)
        if request.POST.get("acte") != "importer" or found.problems:
            return self._import_page(request, form, status=400 if found.problems else 200, found=found)
        try:
            batch = import_results(campaign=campaign, content=content, by=cast(User, request.user), http=request)
        except DomainError as error:
            return self._import_page(request, form, status=409, found=found, problem=SENTENCES[error.code])
        messages.success(request, "Le fichier est importé. Une autre personne le publie.")
        return redirect(reverse("admin:mobility_resultbatch_change", args=[batch.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.check_may_view(request, read_only=False)
        row = row_or_404(self.get_queryset(request).select_related("campaign", "imported_by", "released_by"), object_id)
        if request.method != "POST":
            return self._page(request, row)
        if not request.user.has_perm("mobility.release_results"):
            raise PermissionDenied
        try:
            said = self._act(request, row)
        except DomainError as error:
            status = 400 if error.code == "results_reason" else 409
            return self._page(request, row, status=status, problem=SENTENCES[error.code])
        messages.success(request, said)
        return redirect(reverse("admin:mobility_resultbatch_change", args=[row.pk]))

    @staticmethod
    def _act(request: HttpRequest, row: ResultBatch) -> str:
        by, reason = cast(User, request.user), request.POST.get("motif", "").replace("\x00", "")[:300]
        seen = request.POST.get("lignes", "")
        match request.POST.get("acte", ""):
            case "publier":
                told = release(batch=row, by=by, seen=int(seen) if seen.isdecimal() else -1, http=request)
                return f"Les résultats sont publiés : {told} personnes averties."
            case "ecarter":
                dismiss(batch=row, by=by, reason=reason, http=request)
                return "Le fichier est écarté : rien n'en est publié."
            case "rappeler":
                stopped, told = recall(batch=row, by=by, reason=reason, http=request)
                return (
                    f"Les résultats sont rappelés : {stopped} messages arrêtés, {told} personnes prévenues du rappel."
                )
        raise DomainError("results_state")

    def _import_page(self, request: HttpRequest, form: ResultsForm, **shown: Any) -> HttpResponse:
        status = shown.pop("status", 200)
        return self.own_page(
            request, f"{FOLDER}/import.html", status=status, title="Importer des résultats", form=form, **shown
        )

    def _page(self, request: HttpRequest, row: ResultBatch, *, status: int = 200, problem: str = "") -> HttpResponse:
        return self.own_page(
            request, f"{FOLDER}/batch.html", status=status, title="Résultats importés", row=row, counts=counts_of(row),
            problem=problem, tone=TONES[BatchState(row.state)], reason=request.POST.get("motif", "")[:300],
            may_release=request.user.has_perm("mobility.release_results"),
        )  # fmt: skip
