"""« Actualités »: open to all as the feed is, with what is new since the last visit for whoever is signed in."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_POST, require_safe

from iprof.correspondence.forms.news import NewsFilterForm
from iprof.correspondence.models import NewsItem
from iprof.correspondence.rich_text import plain
from iprof.correspondence.selectors.news import by_week, shown_news, since_visit
from iprof.correspondence.services.news import mark_news_seen
from security.people import signed_in

PER_PAGE = 20
IN_FEED = 30


@login_not_required
@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """Grouped by week. The mark (`since`) is for whoever is signed in; `newest` names how far the page shows."""
    form, now = NewsFilterForm(request.GET), timezone.now()
    valid = form.is_valid()
    page = Paginator(shown_news(request.user, now, category=form.category), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "weeks": by_week(page.object_list, on=timezone.localdate()),
        "since": since_visit(signed_in(request), now) if request.user.is_authenticated else None,
        "newest": page.object_list[0] if page.number == 1 and not form.category and page.object_list else None,
    }
    return render(request, "correspondence/news_list.html", context, status=200 if valid else 400)


@login_not_required
@require_safe
def news_detail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    item = get_object_or_404(shown_news(request.user, timezone.now()), public_id=public_id)
    return render(request, "correspondence/news_detail.html", {"item": item})


@require_POST
def news_seen(request: HttpRequest) -> HttpResponse:
    """« Tout marquer comme vu », up to the item the page showed first (`derniere`)."""
    try:
        newest = uuid.UUID(request.POST.get("derniere", ""))
    except ValueError:
        raise Http404 from None
    if not mark_news_seen(by=signed_in(request), newest=newest):
        raise Http404
    messages.success(request, "Les actualités sont marquées comme vues.")
    return redirect("correspondence:news_list")


@login_not_required
@require_safe
def news_feed(request: HttpRequest) -> HttpResponse:
    """Atom (RFC 4287), the text of each item included. Nothing personal: the same for every reader."""
    feed = Atom1Feed(
        title=f"{settings.PORTAL_NAME} : actualités",
        link=settings.BASE_URL + reverse("correspondence:news_list"),
        feed_url=settings.BASE_URL + reverse("correspondence:news_feed"),
        description="Les actualités de l'académie pour les enseignants.",
        language="fr",
        author_name=f"Académie de {settings.ACADEMIE}",
    )
    for item in NewsItem.objects.shown(timezone.now())[:IN_FEED]:
        link = settings.BASE_URL + item.get_absolute_url()
        feed.add_item(
            title=_printable(item.title),
            link=link,
            unique_id=f"urn:uuid:{item.public_id}",
            description=_printable(f"{item.summary}\n\n{plain(item.body)}"),
            pubdate=item.published_from,
            updateddate=max(item.edited_at, item.published_from),
            categories=[item.get_category_display(), item.concerns],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _printable(text: str) -> str:
    """Plain text: readers of feeds treat it as HTML, so nothing of it may be markup."""
    return "".join(char for char in text if char.isprintable() or char == "\n").replace("<", "‹").replace(">", "›")
