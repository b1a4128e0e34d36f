"""Documents the portal prints: accessible PDF (PDF/UA-1), whole, in French; and « Pourquoi ? » on paper."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from iprof.kernel.explain import Node
from iprof.web.formats import french_date, french_value

STYLESHEET = settings.BASE_DIR / "static" / "css" / "printed.css"
CONFIDENCE = {"medium": ", source secondaire concordante", "low": ", source secondaire unique"}


class NothingOutside(URLFetcher):
    """The document is whole: whatever asks for another address is refused."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
        raise ValueError(f"no address is fetched while printing: {url[:80]}")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A node of the annex, in words: `title` its value, `lines` the inputs, the texts and the rule."""

    title: str
    sentence: str
    lines: tuple[str, ...]


def explanations(node: Node) -> Iterator[Explanation]:
    """The node and those it was computed from, as « Pourquoi ? » says them on screen."""
    for part in node.walk():
        inputs = [
            f"Donnée : {i.label}, {french_value(i.value)} ({i.origin}{_told(i.as_of, ', transmis le')})"
            for i in part.inputs
        ]
        texts = [
            f"Texte : {s.text}{CONFIDENCE.get(s.confidence, '')}{_told(s.checked_on, ', vérifié le')}"
            for s in part.sources
        ]
        since = dt.date.fromisoformat(part.version) if part.version else None
        rule = f"Règle {part.rule}{_told(since, ', en vigueur depuis le')}"
        title = f"{part.label} : {french_value(part.value, part.unit)}"
        yield Explanation(title, part.sentence, (*inputs, *texts, rule))


def _told(day: dt.date | None, words: str) -> str:
    return f"{words} {french_date(day)}" if day else ""


@lru_cache(maxsize=1)
def _stylesheet() -> CSS:
    return CSS(string=STYLESHEET.read_text(encoding="utf-8"), url_fetcher=NothingOutside())


def printed(template: str, context: dict[str, Any]) -> bytes:
    """A template as PDF/UA-1, with what every document of the portal says of itself."""
    common = {
        "academie": settings.ACADEMIE,
        "portal_name": settings.PORTAL_NAME,
        "address": settings.OFFICIAL_ADDRESS,
        "siae_label": settings.SIAE_LABEL,
    }
    document = HTML(string=render_to_string(template, context | common), url_fetcher=NothingOutside())
    content: bytes = document.write_pdf(stylesheets=[_stylesheet()], pdf_variant="pdf/ua-1", pdf_tags=True)
    return content
