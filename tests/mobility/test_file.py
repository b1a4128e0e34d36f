"""What a request takes from the file, and what the agent claims above it (requirement S52)."""

import datetime as dt

import pytest

from career import enums
from career.models import Agent
from mobility.domain.facts import Degree
from mobility.selectors.file import EMPTY, file_facts
from mobility.selectors.snapshot import facts_of, request_facts
from tests.factories.accounts import UserFactory
from tests.factories.career import AssignmentFactory, CareerStepFactory, EstablishmentFactory, full_career
from tests.factories.mobility import FAMILY, campaign, draft

pytestmark = [pytest.mark.django_db, pytest.mark.req("S52")]
ON = dt.date(2026, 11, 25)


@pytest.fixture
def agent() -> Agent:
    return full_career()


def test_an_account_without_file_tells_nothing():
    assert file_facts(UserFactory(), session=2027, on=ON) == EMPTY


def test_the_post_and_the_steps_are_read_as_the_rules_want_them(agent):
    CareerStepFactory(agent=agent, echelon=5, effective_on=dt.date(2022, 2, 10))
    CareerStepFactory(agent=agent, grade="hors_classe", echelon=1, effective_on=dt.date(2021, 1, 1))
    found = file_facts(agent.user, session=2027, on=ON)
    assert (found.corps, found.classe, found.degree) == ("certifie", "normale", Degree.SECOND)
    assert found.echelon_history == {dt.date(2022, 2, 10): 5, dt.date(2025, 2, 10): 6}  # of the present grade only
    assert (found.academie, found.departement) == ("Reims", "51")
    assert found.poste_years == 6  # 1 September 2021 to 31 August 2027, both in
    assert found.echelon_years == 1
    assert found.family is not None
    assert found.family.conjoint_departement == "21"
    assert {"echelon", "poste", "academie", "family"} <= found.inputs.keys()


@pytest.mark.parametrize(("network", "rep", "plus"), [("REP", 6, 0), ("REP+", 0, 6), ("", 0, 0)])
def test_priority_education_counts_the_years_of_the_present_post(network, rep, plus):
    agent = full_career()
    place = agent.assignments.get().establishment
    place.priority_network = network
    place.save()
    found = file_facts(agent.user, session=2027, on=ON)
    assert (found.rep_years, found.rep_plus_years) == (rep, plus)


def test_months_in_the_departement_run_through_posts_that_follow_one_another(agent):
    elsewhere = EstablishmentFactory(departement="08", commune="Sedan")
    for place, start, end in (
        (elsewhere, dt.date(2014, 9, 1), dt.date(2016, 8, 31)),
        (EstablishmentFactory(), dt.date(2016, 9, 1), dt.date(2021, 8, 31)),
    ):
        AssignmentFactory(agent=agent, establishment=place, starts_on=start, ends_on=end)
    assert file_facts(agent.user, session=2027, on=ON).months_in_departement == 11 * 12


def test_a_complement_of_service_does_not_hide_the_post(agent):
    AssignmentFactory(
        agent=agent, establishment=EstablishmentFactory(departement="08"), starts_on=dt.date(2019, 9, 1),
        nature=enums.AssignmentNature.PROVISIONAL,
    )  # fmt: skip
    assert file_facts(agent.user, session=2027, on=ON).departement == "51"


def test_an_establishment_the_annuaire_does_not_know_gives_no_place():
    agent = full_career()
    agent.assignments.update(establishment=None)
    found = file_facts(agent.user, session=2027, on=ON)
    assert (found.academie, found.departement, found.months_in_departement) == ("", "", None)
    assert found.poste_years == 6


def test_facts_of_the_file_alone_claim_nothing(agent):
    facts = facts_of(agent.user, session=2027, on=ON, voeux=("Dijon",))
    assert facts.voeux == ("Dijon",)
    assert facts.situation.rc is None
    assert facts.situation.children_birthdates == ()


def test_what_is_claimed_stands_above_the_file(agent):
    made = draft(agent.user, campaign(session=2027), **FAMILY, poste_years=2, boe=True)
    facts = request_facts(made, on=ON)
    assert facts.session == 2027
    assert facts.voeux == ("Dijon", "Lyon", "Nice")
    assert facts.situation.poste_years == 2
    assert facts.situation.boe
    assert facts.situation.rc is not None
    assert (facts.situation.rc.place.academie, facts.situation.rc.place.departement) == ("Dijon", "21")
    assert facts.situation.children_birthdates == (dt.date(2020, 1, 9),)


def test_children_and_separation_count_with_a_family_priority_only(agent):
    facts = request_facts(draft(agent.user, **(FAMILY | {"strategy": ""})), on=ON)
    assert facts.situation.children_birthdates == ()
    assert facts.situation.separation_active == 0


def test_a_child_to_be_born_is_told_with_its_recognition(agent):
    born, said = dt.date(2027, 3, 1), dt.date(2026, 12, 1)
    facts = request_facts(draft(agent.user, **FAMILY, unborn_expected_on=born, unborn_recognised_on=said), on=ON)
    assert facts.situation.children_birthdates[-1] == born
    assert facts.situation.reconnaissance_anticipee == {born: said}


def test_abroad_the_border_departement_stands_for_the_place(agent):
    abroad = FAMILY | {"conjoint_pays": "Belgique", "conjoint_departement": "08", "conjoint_postal_code": ""}
    rc = request_facts(draft(agent.user, **abroad), on=ON).situation.rc
    assert rc is not None
    assert (rc.place.pays, rc.place.departement_frontalier, rc.place.academie) == ("Belgique", "08", "")


def test_the_number_of_queries_does_not_grow_with_the_career(agent, django_assert_num_queries):
    for year in range(2005, 2021):
        CareerStepFactory(agent=agent, echelon=1, effective_on=dt.date(year, 1, 1))
        AssignmentFactory(agent=agent, starts_on=dt.date(year, 9, 1), ends_on=dt.date(year + 1, 8, 31))
    user = agent.user
    with django_assert_num_queries(4):
        file_facts(user, session=2027, on=ON)
