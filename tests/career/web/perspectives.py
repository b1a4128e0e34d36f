"""Helpers of the tests of « Perspectives »."""

import datetime as dt
import re

from career.models import Assignment, CareerStep
from tests.career.web.pages import words
from tests.factories.career import CareerStepFactory

URL, ICS = "/ma-carriere/perspectives/", "/ma-carriere/perspectives.ics"


def way(code: str) -> str:
    return f"/ma-carriere/perspectives/{code}.ics"


def placed(agent, since="2018-09-01", **step):
    CareerStep.objects.filter(agent=agent).delete()
    CareerStepFactory(agent=agent, effective_on=dt.date.fromisoformat(since), **step)
    Assignment.objects.filter(agent=agent).update(starts_on=dt.date.fromisoformat(since))
    return agent


def section(response, key: str) -> str:
    """The words of one part of the page, by its identifier."""
    source = response.content.decode()
    start = re.search(rf'<(?:section|div)[^>]*id="{key}"', source)
    assert start, f"no part {key}"
    end = source.find('<section class="card', start.end())
    response.content = f"<main>{source[start.start() : end if end > 0 else None]}</main>".encode()
    return words(response)
