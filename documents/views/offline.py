"""« Copie hors ligne »: chosen documents in an encrypted ZIP, made on the spot and kept nowhere."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from documents.forms.offline import OfflineForm
from documents.selectors.offline import copyable
from documents.services.offline import MOST_BYTES, Unreadable, offline_copy
from documents.views.access import own_documents
from iprof.web.formats import french_weight
from security.people import signed_in

UNREADABLE = (
    "Le contenu de « {document} » est momentanément illisible : aucune copie n'est faite. Réessayez dans quelques minutes, "
    "ou décochez ce document et écrivez à l'assistance."
)
NO_ROOM = "La copie n'a pas pu être préparée : la place manque. Réessayez dans quelques minutes, ou choisissez moins de documents."


@sensitive_post_parameters("password1", "password2")
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def offline(request: HttpRequest) -> HttpResponseBase:
    user = signed_in(request)
    rows = copyable(user, on=timezone.localdate())
    if request.method != "POST":
        return _page(request, OfflineForm(user=user, rows=rows))
    form = OfflineForm(request.POST, user=user, rows=rows)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        made = offline_copy(owner=user, chosen=form.chosen, passphrase=form.cleaned_data["password1"], request=request)
    except Unreadable as error:
        form.add_error("documents", UNREADABLE.format(document=error.document))
    except OSError:
        form.add_error(None, NO_ROOM)
    else:
        name = f"MesDocuments_{timezone.localdate():%Y-%m-%d}.zip"
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        return FileResponse(made, as_attachment=True, filename=name, content_type="application/zip", headers=headers)
    return _page(request, form, status=503)


def _page(request: HttpRequest, form: OfflineForm, *, status: int = 200) -> HttpResponse:
    size = sum(one.row.size for one in form.rows)
    context = {"form": form, "rows": form.rows, "weight": french_weight(size), "most": french_weight(MOST_BYTES)}
    return render(request, "documents/offline.html", context, status=status)
