"""« Bulletins d'alerte », open to all so that a warning reaches whoever cannot sign in, and their feed (RFC 4287)."""

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_POST, require_safe

from iprof.correspondence.models import Bulletin
from iprof.correspondence.selectors.bulletins import published_bulletins
from iprof.correspondence.services.bulletins import mark_bulletin_read
from security.people import signed_in

IN_FEED = 12  # three years


@login_not_required
@require_safe
def bulletin_list(request: HttpRequest) -> HttpResponse:
    return render(request, "correspondence/bulletin_list.html", {"bulletins": published_bulletins(request.user)})


@login_not_required
@require_safe
def bulletin_detail(request: HttpRequest, year: str, quarter: str) -> HttpResponse:
    bulletin = get_object_or_404(published_bulletins(request.user), year=int(year), quarter=int(quarter))
    context = {"bulletin": bulletin, "lures": bulletin.lures.all()}
    return render(request, "correspondence/bulletin_detail.html", context)


@require_POST
def bulletin_read(request: HttpRequest) -> HttpResponse:
    """One's own mark on the bulletin named by `bulletin` (« 2026-4 »)."""
    code = re.fullmatch(r"(20[0-9]{2})-([1-4])", request.POST.get("bulletin", ""))
    if code is None or not mark_bulletin_read(by=signed_in(request), year=int(code[1]), quarter=int(code[2])):
        raise Http404
    messages.success(request, "Le bulletin est marqué comme lu.")
    return redirect("correspondence:bulletin_list")


@login_not_required
@require_safe
def bulletin_feed(request: HttpRequest) -> HttpResponse:
    """Atom, the text of each bulletin included. Nothing personal: the same for every reader."""
    bulletins = Bulletin.objects.published().prefetch_related("lures")[:IN_FEED]
    feed = Atom1Feed(
        title=f"{settings.PORTAL_NAME} : bulletins d'alerte",
        link=settings.BASE_URL + reverse("correspondence:bulletin_list"),
        feed_url=settings.BASE_URL + reverse("correspondence:bulletin_feed"),
        description="Messages frauduleux en circulation, chaque trimestre.",
        language="fr",
        author_name=f"Académie de {settings.ACADEMIE}",
    )
    for bulletin in bulletins:
        link = settings.BASE_URL + bulletin.get_absolute_url()
        feed.add_item(
            title=f"{bulletin.period} : {bulletin.title}",
            link=link,
            unique_id=link,
            description=_text(bulletin),
            pubdate=bulletin.published_at,
            updateddate=bulletin.erratum_at or bulletin.published_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _text(bulletin: Bulletin) -> str:
    """Plain text: readers of feeds treat `description` as HTML, so nothing of it may be markup."""
    lures = [
        " — ".join(part for part in (lure.subject, lure.sender, lure.attachment, lure.clue) if part)
        for lure in bulletin.lures.all()
    ]
    erratum = [f"Erratum. {bulletin.erratum}"] if bulletin.erratum else []
    whole = "\n\n".join([bulletin.body, *lures, *erratum])
    return "".join(char for char in whole if char.isprintable() or char == "\n").replace("<", "‹").replace(">", "›")
