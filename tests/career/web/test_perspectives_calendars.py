"""The days of « Perspectives » as calendar files: one for all, one per way, the same event each time (S49)."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from career.domain.routes import load_routes
from career.models import CareerStep
from tests.career.web.pages import words
from tests.career.web.perspectives import ICS, URL, placed, way
from tests.factories.career import full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S49", "S82")]


def unfolded(response) -> str:
    return response.content.decode().replace("\r\n ", "")


def test_one_calendar_for_all_and_one_per_way(client, certifie):
    response = client.get(ICS)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="perspectives.ics"'
    every = unfolded(response)
    assert every.count("BEGIN:VEVENT") == words(client.get(URL)).count("Ajouter ce jour à mon agenda")
    one = client.get(way("caffa"))
    assert one["Content-Disposition"] == 'attachment; filename="perspective-caffa.ics"'
    assert unfolded(one).count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20230901\r\n" in unfolded(one)
    uid = re.search(r"UID:(.*)\r", unfolded(one))
    assert uid
    assert uid.group() in every
    assert certifie.matricule not in every


def test_the_identifier_stays_when_the_day_moves(client, certifie):
    def uid() -> list[str]:
        return re.findall(r"UID:\S+", unfolded(client.get(way("caffa"))))

    before = uid()
    CareerStep.objects.filter(agent=certifie).update(effective_on=dt.date(2019, 9, 1))
    assert uid() == before
    client.force_login(placed(full_career()).user)
    assert uid() != before


@pytest.mark.parametrize("code", ["inconnue", "ien_concours", "ia_ipr_concours", "cappei_vaep"])
def test_a_way_unknown_or_without_day_has_no_calendar(client, certifie, code):
    assert client.get(way(code)).status_code == 404


@settings(max_examples=40)
@given(code=st.one_of(st.sampled_from(sorted(load_routes())), st.text(st.characters(codec="utf-8"), max_size=40)))
def test_any_code(client, certifie, code):
    assert client.get(way(quote(code, safe=""))).status_code in {200, 404}
