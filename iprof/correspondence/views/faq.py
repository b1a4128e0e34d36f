"""An article of « Aide » at its own address, which support sends in its answers. Open to all."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from iprof.correspondence.enums import HelpKind
from iprof.correspondence.models import HelpArticle
from iprof.correspondence.selectors.faq import guides


@login_not_required
@require_safe
def help_article(request: HttpRequest, code: str) -> HttpResponse:
    article = get_object_or_404(HelpArticle.objects.defer("vector"), published=True, code=code)
    others = guides() if article.kind == HelpKind.GUIDE else ()
    return render(request, "correspondence/help_article.html", {"article": article, "guides": others})
