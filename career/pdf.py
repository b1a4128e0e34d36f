"""« Ma carrière » as an accessible PDF (PDF/UA-1): situation, history, CV, and how each figure was computed."""

import datetime as dt

from career.models import Agent
from career.selectors.cv import AcademicCv
from career.selectors.history import History
from career.selectors.situation import Situation
from iprof.web.printing import explanations, printed


def career_pdf(
    *,
    agent: Agent,
    situation: Situation,
    history: History,
    identity: tuple[tuple[str, str], ...],
    cv: AcademicCv,
    on: dt.date,
) -> bytes:
    """The document on a day, tagged, in French, titled. Nothing is fetched from outside."""
    context = {
        "agent": agent,
        "situation": situation,
        "history": history,
        "identity": identity,
        "on": on,
        "cv": cv,
        "annex": [(figure, tuple(explanations(figure.node))) for figure in situation.figures],
    }
    return printed("pdf/career.html", context)
