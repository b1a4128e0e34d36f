"""« Ma carrière » as an accessible PDF (PDF/UA-1): situation, history, CV, and how each figure was computed."""

import datetime as dt
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from career.models import Agent
from career.selectors.cv import academic_cv
from career.selectors.history import History
from career.selectors.situation import Situation

STYLESHEET = settings.BASE_DIR / "static" / "css" / "career-pdf.css"


class NothingOutside(URLFetcher):
    """The document is whole: whatever asks for another address is refused."""

    def fetch(self, url, headers=None):
        raise ValueError(f"no address is fetched while printing: {url[:80]}")


@lru_cache(maxsize=1)
def _stylesheet() -> CSS:
    return CSS(string=STYLESHEET.read_text(encoding="utf-8"), url_fetcher=NothingOutside())


def career_pdf(
    *, agent: Agent, situation: Situation, history: History, identity: tuple[tuple[str, str], ...], on: dt.date
) -> bytes:
    """The document on a day, tagged, in French, titled. Nothing is fetched from outside."""
    html = render_to_string(
        "pdf/career.html",
        {
            "agent": agent,
            "situation": situation,
            "history": history,
            "identity": identity,
            "on": on,
            "parts": academic_cv(history),
            "academie": settings.ACADEMIE,
            "portal_name": settings.PORTAL_NAME,
            "address": settings.OFFICIAL_ADDRESS,
        },
    )
    document = HTML(string=html, url_fetcher=NothingOutside())
    return document.write_pdf(stylesheets=[_stylesheet()], pdf_variant="pdf/ua-1", pdf_tags=True)
