"""The « courrier de prise de fonction »: login and activation secret on paper, as an accessible PDF (S19, S20, T3)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from weasyprint import CSS, HTML

from career.models import Agent
from career.selectors.situation import posts_on
from iprof.kernel.errors import DomainError
from iprof.web.crypto import unseal
from iprof.web.printing import NothingOutside
from security.enums import AccessKind
from security.journal import record
from security.models import User
from security.services import new_activation_code

STYLESHEET = settings.BASE_DIR / "static" / "css" / "letter-pdf.css"
MAX_LETTERS = 200  # one batch is one request: about 20 seconds
SMALLER_SIZES = ("9.75pt", "9pt", "8.25pt")  # tried in turn when a letter does not hold on its page


@dataclass(frozen=True, slots=True)
class Letter:
    """What one letter says. `secret` is the NUMEN or a one-time code, written nowhere else."""

    agent: Agent
    login: str
    secret: str
    secret_name: str
    place: str


@lru_cache(maxsize=1)
def _stylesheet() -> CSS:
    return CSS(string=STYLESHEET.read_text(encoding="utf-8"), url_fetcher=NothingOutside())


@lru_cache(maxsize=1)
def _address_code() -> SafeString:
    """The official address as a drawing, so that nobody has to type it: it leads nowhere else."""
    return SafeString(segno.make(settings.OFFICIAL_ADDRESS, micro=False).svg_inline(scale=3, border=0))


def letter_refusal(agent: Agent) -> str:
    """Why no letter can be printed for this agent, in French; empty when it can."""
    if agent.user is None:
        return "aucun compte n'est ouvert pour ce dossier"
    if agent.user.activated_at:
        return "la première connexion a déjà eu lieu"
    if settings.ACTIVATION_BY == "numen" and agent.numen_sealed is None:
        return "le NUMEN n'a pas été transmis"
    return ""


@transaction.atomic
def print_letters(*, agents: Sequence[Agent], by: User, on: dt.date, request: HttpRequest | None = None) -> bytes:
    """One PDF with a letter per agent, each journalled. Agents come with their `user`.

    Raises DomainError("letters_none" | "letters_too_many" | "letter_refused").
    """
    if not agents:
        raise DomainError("letters_none")
    if len(agents) > MAX_LETTERS:
        raise DomainError("letters_too_many", most=MAX_LETTERS)
    for agent in agents:
        if reason := letter_refusal(agent):
            raise DomainError("letter_refused", name=agent.full_name, reason=reason)
    letters = [_letter(agent, agent.user, on) for agent in agents if agent.user]
    for agent in agents:
        record(AccessKind.LETTER_PRINTED, actor=by, subject=agent.user, request=request)
    return letters_pdf(letters, on=on)


def _letter(agent: Agent, user: User, on: dt.date) -> Letter:
    if settings.ACTIVATION_BY == "code":
        secret, name = new_activation_code(user=user), "Code de première connexion"
    else:
        secret, name = unseal(bytes(agent.numen_sealed or b""), context="numen"), "NUMEN"
    posts = posts_on(agent, on)
    place = ", ".join(part for part in (posts[0].place, posts[0].commune) if part) if posts else ""
    return Letter(agent, user.username, secret, name, place)


def letters_pdf(letters: Sequence[Letter], *, on: dt.date) -> bytes:
    """The letters, each on one page whatever the fonts of the machine: tagged PDF/UA-1, in French. Nothing is fetched from outside."""
    html = render_to_string(
        "pdf/letter.html",
        {
            "letters": letters,
            "on": on,
            "academie": settings.ACADEMIE,
            "portal_name": settings.PORTAL_NAME,
            "address": settings.OFFICIAL_ADDRESS,
            "address_code": _address_code(),
            "support": settings.SUPPORT_CONTACT,
            "dpo": settings.DPO_EMAIL,
            "mail_domain": settings.ACADEMIC_MAIL_DOMAIN,
            "code_days": settings.ACTIVATION_CODE_DAYS if settings.ACTIVATION_BY == "code" else None,
        },
    )
    document = HTML(string=html, url_fetcher=NothingOutside())
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}
    rendered = document.render(stylesheets=[_stylesheet()], **options)
    for size in SMALLER_SIZES:
        if len(rendered.pages) <= len(letters):
            break
        rendered = document.render(stylesheets=[_stylesheet(), CSS(string=f"html {{ font-size: {size} }}")], **options)
    return bytes(rendered.write_pdf(**options))
