"""The academic CV as an accessible PDF (PDF/UA-1): what another reader sees."""

import datetime as dt

from career.models import Agent
from career.selectors.cv import AcademicCv
from iprof.web.printing import printed


def cv_pdf(*, agent: Agent, cv: AcademicCv, on: dt.date) -> bytes:
    """The document on a day, tagged, in French, titled. Nothing is fetched from outside."""
    return printed("pdf/cv.html", {"agent": agent, "cv": cv, "on": on})
