"""Services deduced from steps and posts: never counted before the file shows them, gaps taken off."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.grids import load_grids
from career.domain.perspectives import Services, Status, closed_to, route_node, route_status
from career.domain.routes import SERVICES, load_routes
from career.domain.services_held import Held, PostFact, held_services
from career.domain.snapshot import CareerStepFact
from iprof.kernel.periods import add_months
from tests.career.domain.test_pay_supplements import check

pytestmark = pytest.mark.req("S49")

ON = dt.date(2026, 11, 24)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def step(corps: str, since: str) -> CareerStepFact:
    return CareerStepFact(corps, "classe_normale", 5, day(since))


def post(first: str, last: str = "", second_degree: bool | None = None) -> PostFact:
    return PostFact(day(first), day(last) if last else None, second_degree)


def starts(held: dict[str, Held]) -> dict[str, str]:
    return {kind: counted_from(found).isoformat() for kind, found in held.items()}


def counted_from(found: Held) -> dt.date:
    """The first day, moved later by what is missing."""
    months, days = found.missing
    return add_months(found.first_day, months) + dt.timedelta(days)


def test_one_corps_without_gap() -> None:
    held = held_services([step("certifies", "2018-09-01"), step("certifies", "2020-09-01")], [post("2018-09-01")], ON)
    assert set(starts(held).values()) == {"2018-09-01"}
    assert set(held) == set(SERVICES) - {"domaine_adapte"}
    (told,) = held["corps"].inputs("SIAE")
    assert (told.label, told.value, told.origin) == ("Premier échelon dans ce corps", day("2018-09-01"), "SIAE")


def test_a_contract_then_another_corps_start_each_kind_on_its_own_day() -> None:
    steps = [step("contractuels", "2015-09-01"), step("pe", "2017-09-01"), step("certifies", "2021-09-01")]
    held = held_services(steps, [post("2014-09-01", "2017-08-31"), post("2017-09-01")], ON)
    assert starts(held) == {
        "publics": "2014-09-01",
        "professionnels": "2014-09-01",
        "corps": "2021-09-01",
        "correspondants": "2017-09-01",
        "enseignement": "2017-09-01",
        "second_degre": "2021-09-01",
    }


@pytest.mark.parametrize(
    ("corps", "missing"),
    [
        ("cpe", {"enseignement"}),
        ("psyen", {"enseignement", "second_degre"}),
        ("contractuels", {"enseignement", "correspondants", "second_degre"}),
        ("instituteurs", {"correspondants", "second_degre"}),
        ("pe", {"second_degre"}),
        ("archivistes", {"second_degre"}),
    ],
)
def test_what_a_corps_does_not_tell_is_left_out(corps: str, missing: set[str]) -> None:
    held = held_services([step(corps, "2018-09-01")], [], ON)
    assert set(SERVICES) - set(held) == missing | {"domaine_adapte"}


def test_the_establishments_tell_the_degree_where_the_corps_does_not() -> None:
    posts = [
        post("2016-09-01", "2017-08-31", second_degree=True),
        post("2017-09-01", "2019-08-31", second_degree=False),
        post("2019-09-01", "2020-08-31", second_degree=True),
        post("2020-09-01", second_degree=True),
    ]
    held = held_services([step("contractuels", "2016-09-01")], posts, ON)
    assert starts(held)["second_degre"] == "2019-09-01"
    only = held_services([step("psyen", "2020-09-01")], posts[2:], ON)
    assert starts(only)["second_degre"] == "2019-09-01"
    assert "second_degre" not in held_services([step("pe", "2020-09-01")], posts[2:], ON)


def test_days_without_post_are_taken_off() -> None:
    posts = [post("2018-09-01", "2019-08-31"), post("2020-09-01", "2021-08-31"), post("2021-01-01")]
    held = held_services([step("certifies", "2018-09-01")], posts, ON)
    assert (held["corps"].missing, starts(held)["corps"]) == ((12, 0), "2019-09-01")
    assert [told.value for told in held["corps"].inputs("SIAE")] == [day("2018-09-01"), "12 mois"]
    later = held_services([step("pe", "2018-09-01"), step("certifies", "2020-03-01")], posts, ON)
    assert later["corps"].missing == (6, 0)  # from 1 March to 31 August 2020


def test_an_absence_still_going_on_is_taken_off_until_today() -> None:
    held = held_services([step("certifies", "2018-09-01")], [post("2018-09-01", "2026-11-13")], ON)
    assert (held["corps"].missing, held["corps"].inputs("SIAE")[1].value) == ((0, 10), "10 j")
    held = held_services([step("certifies", "2018-09-01")], [post("2018-09-01", "2026-11-23")], ON)
    assert held["corps"].missing == (0, 0)
    held = held_services([step("certifies", "2018-09-01")], [post("2018-09-01", "2026-09-30")], ON)
    assert held["corps"].inputs("SIAE")[1].value == "1 mois et 23 j"


def test_what_is_to_come_does_not_count() -> None:
    assert held_services([step("certifies", "2026-11-25")], [post("2018-09-01")], ON) == {}
    held = held_services([step("pe", "2018-09-01"), step("certifies", "2027-09-01")], [post("2027-09-01")], ON)
    assert held["corps"].told == "Premier échelon dans ce corps"
    assert starts(held)["publics"] == "2018-09-01"


DAYS = st.dates(dt.date(2010, 1, 1), ON)
POSTS = st.lists(st.tuples(DAYS, st.integers(0, 2000)), max_size=6)


@given(st.lists(st.tuples(st.sampled_from(sorted(load_grids().corps)), DAYS), min_size=1, max_size=5), POSTS)
def test_services_never_exceed_the_time_elapsed(
    steps: list[tuple[str, dt.date]], posts: list[tuple[dt.date, int]]
) -> None:
    facts = [CareerStepFact(corps, "classe_normale", 5, since) for corps, since in steps]
    held = held_services(facts, [PostFact(first, first + dt.timedelta(days)) for first, days in posts], ON)
    for found in held.values():
        assert found.first_day <= counted_from(found) <= ON + dt.timedelta(3 * len(posts))  # months have 28 to 31 days
    assert held["corps"].first_day >= held["publics"].first_day


def test_a_break_after_the_condition_was_met_does_not_put_it_off() -> None:
    """Five years from 1 September 2010 end on 1 September 2015, whatever came after 2020; a break before puts them off."""
    held = held_services([step("certifies", "2010-09-01")], [post("2010-09-01", "2020-08-31")], ON)["corps"]
    met = Services("certifies", {"corps": held.first_day}, breaks={"corps": held.gaps})
    assert met.completed("corps", 60) == day("2015-09-01")
    assert met.completed("corps", 121) == day("2026-12-24")  # 74 months and 23 days without post, then one month more
    early = [post("2010-09-01", "2012-08-31"), post("2013-03-01")]
    held = held_services([step("certifies", "2010-09-01")], early, ON)["corps"]
    assert Services("certifies", {"corps": held.first_day}, breaks={"corps": held.gaps}).completed("corps", 60) == day(
        "2016-03-01"
    )
    assert met.completed("publics", 60) is None


def test_the_facts_are_told_under_the_way() -> None:
    held = held_services([step("certifies", "2018-09-01")], [post("2018-09-01", "2019-08-31"), post("2020-09-01")], ON)
    services = Services(
        "certifies",
        {kind: found.first_day for kind, found in held.items()},
        {kind: found.inputs("SIAE") for kind, found in held.items()},
        "SIAE",
        {kind: found.gaps for kind, found in held.items()},
    )
    node = route_node("caffa", services, ON)
    check(node)
    assert node.value == day("2024-09-01")
    assert [told.label for told in node.children[0].inputs] == [
        "Premier échelon dans un corps du second degré",
        "Temps sans affectation, déduit",
    ]
    assert {told.origin for part in node.walk() for told in part.inputs} == {"SIAE"}


@pytest.mark.parametrize(
    ("code", "corps", "met_on", "status"),
    [
        ("caffa", "certifies", day("2026-11-24"), Status.MET),
        ("caffa", "certifies", day("2026-11-25"), Status.COMING),
        ("caffa", "certifies", None, Status.UNTOLD),
        ("ien_concours", "certifies", None, Status.UNPUBLISHED),
        ("ien_concours", "contractuels", None, Status.CLOSED),
        ("ia_ipr_concours", "pe", None, Status.CLOSED),
        ("direction_concours_interne_hea", "instituteurs", None, Status.CLOSED),
        ("cappei_vaep", "contractuels", None, Status.UNTOLD),
    ],
)
def test_where_one_stands_before_a_way(code: str, corps: str, met_on: dt.date | None, status: Status) -> None:
    assert route_status(code, corps, met_on, ON) == status


def test_a_group_alone_can_close_a_way() -> None:
    route = load_routes()["direction_concours_interne_hea"].versions.at(ON).value
    open_to_all = type(route)(True, None, route.services, "", "HEB", ())
    assert closed_to(open_to_all, "certifies", ON)
    assert not closed_to(open_to_all, "agreges", ON)
