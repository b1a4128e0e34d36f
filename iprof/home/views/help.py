"""« Aide »: every question and guide by category, and the search of them. Open to all."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from iprof.correspondence.forms.faq import HelpSearchForm
from iprof.correspondence.selectors.faq import guides, search, shelves
from iprof.correspondence.services.faq import note_empty_search


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """With `q`, the answers first. A search in vain is counted aside (services.faq): nothing is written here."""
    asked = "q" in request.GET
    form = HelpSearchForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "found": None, "guides": guides()}
    if asked and form.is_valid():
        context["found"] = search(form.cleaned_data["q"])
        if not context["found"]:
            note_empty_search(form.cleaned_data["q"])
    context["shelves"] = () if context["found"] else shelves()
    return render(request, "home/help.html", context, status=400 if form.errors else 200)
