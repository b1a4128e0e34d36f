"""« Heures et formations »: one corridor by school year; a service validated shows at once with its pay (S63, S64)."""

import base64
import datetime as dt
import json
import time
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.corridor import ServiceFact, corridor
from career.domain.trainings import TrainingFact
from career.models import Agent
from iprof.web.signature import sign
from tests.career.feed.messages import event
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.career import ServicePeriodFactory, TrainingFactory

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ...").decode()
URL = "/ma-carriere/heures/"
DAY = dt.date(2026, 10, 15)


def service(number: int, **changed) -> ServiceFact:
    told = {
        "ref": f"S{number}", "school_year": 2026, "place": "Collège", "hours_due": Decimal(18), "hours_done": Decimal(19),
        "hsa": Decimal(1), "hse": Decimal(2), "validated_on": DAY, "origin": "SIAE", "recorded_on": DAY,
    }  # fmt: skip
    return ServiceFact(**(told | changed))


def training(number: int, day: dt.date) -> TrainingFact:
    return TrainingFact(f"F{number}", "Module", day, day, Decimal(6), "", "PIX", False, day)


@given(st.lists(st.integers(2015, 2030)), st.lists(st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31))))
def test_every_service_and_training_is_in_its_year_once(years, days):
    services = [service(number, school_year=year) for number, year in enumerate(years)]
    trainings = [training(number, day) for number, day in enumerate(days)]
    found = corridor(services, trainings)
    assert [year.first for year in found] == sorted({*years, *(one.school_year for one in trainings)}, reverse=True)
    assert sorted(one.ref for year in found for one in year.services) == sorted(one.ref for one in services)
    assert sorted(one.ref for year in found for one in year.trainings) == sorted(one.ref for one in trainings)
    assert sum(year.hse.value for year in found) == 2 * len(services)


@pytest.mark.django_db
@pytest.mark.req("S64")
def test_the_hours_of_a_day_and_the_training_of_the_next_are_side_by_side(teacher, client):
    ServicePeriodFactory(agent=teacher, school_year=2026, hse=Decimal("2.5"), validated_on=dt.date(2026, 11, 19))
    TrainingFactory(
        agent=teacher, label="Module pédagogique", starts_on=dt.date(2026, 11, 20), ends_on=dt.date(2026, 11, 20)
    )
    page = client.get(URL)
    text = words(page)
    year = text[text.index("Année 2026-2027") : text.index("Année 2025-2026")]
    assert "Validé le 19 novembre 2026" in year
    assert "2,5 HSE" in year
    assert "Module pédagogique" in year


@pytest.mark.django_db
def test_a_file_without_hours_says_when_the_page_fills(teacher, client):
    teacher.service_periods.all().delete()
    teacher.trainings.all().delete()
    assert "Cette page se remplit dès que" in words(client.get(URL))


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(teacher, client, django_assert_max_num_queries):
    for year in range(2000, 2025):
        ServicePeriodFactory(agent=teacher, school_year=year, validated_on=dt.date(year, 10, 1))
        TrainingFactory(agent=teacher, starts_on=dt.date(year, 11, 1), ends_on=dt.date(year, 11, 1))
    with django_assert_max_num_queries(10):
        client.get(URL)


@pytest.mark.django_db
@pytest.mark.req("S63")
def test_overtime_shows_with_its_pay_as_soon_as_the_head_has_validated(teacher, client, settings):
    """The message of the validation comes by the push door; the next page of the teacher has the hours and their pay."""
    settings.SIAE_WEBHOOK_SECRETS = [SECRET]
    agent = Agent.objects.get(pk=teacher.pk)
    said = event(
        "service.validated", 9000, agent=agent.matricule, ref="SRV-2026", school_year=2026, hsa=2, hse=3,
        validated_on="2026-11-23",
    )  # fmt: skip
    assert "3 HSE" not in words(client.get(URL))
    body, name, at = json.dumps(said).encode(), f"msg_{uuid.uuid4().hex}", int(time.time())
    signature = sign(name=name, timestamp=at, body=body, secret=SECRET)
    headers = {"webhook-id": name, "webhook-timestamp": str(at), "webhook-signature": signature}
    answer = PortalClient().post("/api/siae/events", body, content_type="application/json", headers=headers)
    assert answer.json()["accepted"] == 1
    text = words(client.get(URL))
    assert "2 HSA" in text
    assert "3 HSE" in text
    assert "Heures supplémentaires validées, 2026-2027" in text
    assert "€" in text
