"""« Comparer les destinations »: one file, every place, each figure explained (requirement S10)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from career.models import Agent
from iprof.kernel.explain import Node
from mobility.domain.comparison import Destination, Order, Zone, ordered, outside_node, points_node
from mobility.domain.results import Bareme
from mobility.selectors.comparison import comparison
from tests.career.web.pages import words
from tests.factories.mobility import draft
from tests.factories.schemes import scheme_campaign

pytestmark = [pytest.mark.django_db, pytest.mark.req("S10")]
ON = dt.date(2026, 11, 24)


def agent() -> Agent:
    return Agent.objects.get()


def shown(by_name: str = "") -> dict[str, Destination]:
    found = comparison(agent(), on=ON, at=timezone.now())
    return {row.name: row for row in found.destinations}


def test_every_academie_every_overseas_place_and_abroad_have_a_row(teacher):
    rows = shown()
    assert {"Reims", "Dijon", "La Réunion", "Mayotte", "Nouvelle-Calédonie", "Wallis-et-Futuna"} <= rows.keys()
    assert sum(row.zone in (Zone.MAINLAND, Zone.OVERSEAS) for row in rows.values()) == 30
    assert rows["Détachement à l'étranger (AEFE, Mlfmonde)"].zone is Zone.ABROAD


def test_pay_follows_the_place_and_what_no_text_gives_is_not_published(teacher):
    rows = shown()
    assert isinstance(rows["Guadeloupe"].pay.value, Decimal)
    assert rows["La Réunion"].pay.value > rows["Guadeloupe"].pay.value > rows["Dijon"].pay.value == 0
    assert rows["Nouvelle-Calédonie"].pay.value is None


def test_dates_are_those_of_the_campaigns_open_on_the_portal(teacher, opened):
    assert shown()["Dijon"].closes == opened.closes_at
    assert shown()["Nouvelle-Calédonie"].closes is None
    assert shown()["Nouvelle-Calédonie"].closes != scheme_campaign().closes_at
    assert shown()["Nouvelle-Calédonie"].closes is not None


def test_the_page_says_when_its_rules_are_carried_over_and_explains_each_figure(client, teacher, opened):
    response = client.get(reverse("mobility:comparison"))
    told = words(response)
    assert "Non officiel" in told
    assert "hors barème" in told
    assert "non publié" in told
    rows = len(shown())
    assert response.content.decode().count('<details class="why">') >= 2 * rows


def test_what_a_simulation_claims_counts(client, teacher, opened):
    assert "dossier seul" in words(client.get(reverse("mobility:comparison")))
    before = shown()["Dijon"].points.value
    draft(teacher, opened)
    assert shown()["Dijon"].points.value > before
    assert "votre simulation invoque" in words(client.get(reverse("mobility:comparison")))


def test_it_is_sorted_and_filtered_by_the_address(client, teacher):
    page = client.get(reverse("mobility:comparison"), {"tri": "paie", "zone": "outre_mer"})
    names = [row.name for row in page.context["rows"]]
    assert names[0] == "La Réunion"
    assert len(names) == 5
    wrong = client.get(reverse("mobility:comparison"), {"tri": "hasard", "zone": "com"})
    assert wrong.status_code == 400
    assert "Cet ordre n'existe pas" in words(wrong)
    assert {row.zone for row in wrong.context["rows"]} == {Zone.COM}


def test_it_takes_eight_queries_at_most_however_much_there_is(teacher, opened, django_assert_num_queries):
    draft(teacher, opened)
    mine = agent()
    for year in range(2020, 2030):
        scheme_campaign(year=year)
    with django_assert_num_queries(6):
        comparison(mine, on=ON, at=timezone.now())


def row(name: str, value: object, closes: dt.datetime | None = None) -> Destination:
    node = Node("Barème", value, "", "", "")
    return Destination(name, Zone.MAINLAND, node, node, None, closes, "")


def test_what_is_not_published_comes_last_then_by_name():
    late, soon = (dt.datetime(2026, 12, day, tzinfo=dt.UTC) for day in (9, 2))
    rows = [row("Éa", None), row("Da", Decimal(3), late), row("Ca", "hors barème"), row("Ba", Decimal(20), soon)]
    for by, names in (
        (Order.POINTS, "Ba Da Ca Éa"),
        (Order.PAY, "Ba Da Ca Éa"),
        (Order.CLOSING, "Ba Da Ca Éa"),
        (Order.NAME, "Ba Ca Da Éa"),
    ):
        assert [one.name for one in ordered(rows, by)] == names.split()


def test_without_rules_nothing_is_said_of_the_points():
    assert points_node("Dijon", None).value is None
    assert points_node("Dijon", Bareme(())).value == "sans objet"
    assert outside_node("Nouméa", "Par le dispositif").value == "hors barème"


@settings(max_examples=15)
@given(
    query=st.dictionaries(
        st.sampled_from(["tri", "zone", "x"]),
        st.one_of(
            st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=20), st.sampled_from(list(Order))
        ),
    )
)
def test_any_query_string(client, teacher, query):
    assert client.get(reverse("mobility:comparison"), query).status_code in {200, 400}


def test_the_first_degre_compares_departements(teacher):
    agent().steps.update(corps="pe")
    rows = shown()
    assert "21 · Côte-d'Or" in rows
    assert rows["974 · La Réunion"].zone is Zone.OVERSEAS
    assert rows["974 · La Réunion"].pay.value > rows["21 · Côte-d'Or"].pay.value == 0
