"""The preview is the delivery: whatever the audience, those simulated are those written to, and nobody else (S11)."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from career.models import Agent
from iprof.correspondence.audience import Audience, provider
from iprof.correspondence.models import Alert, CircularRecipient
from iprof.correspondence.selectors.circular_follow import audience_in_words, dry_run
from iprof.correspondence.services.circulars import release_circular, simulate_circular
from iprof.kernel.errors import DomainError
from security.enums import Role, ScopeKind
from security.models import User
from tests.factories.accounts import staff
from tests.factories.career import (
    AgentFactory,
    AssignmentFactory,
    CareerStepFactory,
    EstablishmentFactory,
    uai,
)
from tests.factories.correspondence import clerk, draft_circular, simulated_circular

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11", "S03")]
ON = dt.date(2026, 11, 25)
PLACES = {uai(510_001): "51", uai(510_002): "51", uai(80_001): "08"}
PEOPLE = [
    ("certifies", "classe_normale", uai(510_001), "L1000"),
    ("certifies", "hors_classe", uai(510_002), "L1300"),
    ("agreges", "classe_normale", uai(510_001), "L1300"),
    ("agreges", "hors_classe", uai(80_001), "L1000"),
    ("plp", "classe_normale", uai(80_001), ""),
]


class Undo(Exception):
    """Rolls an example back."""


@pytest.fixture
def academy() -> list[Agent]:
    for code, departement in PLACES.items():
        EstablishmentFactory(uai=code, departement=departement)
    agents = []
    for number, (corps, grade, place, discipline) in enumerate(PEOPLE):
        agent = AgentFactory(user__username=f"agent{number}")
        CareerStepFactory(agent=agent, corps=corps, grade=grade)
        establishment = EstablishmentFactory(uai=place)
        AssignmentFactory(agent=agent, establishment=establishment, discipline_code=discipline, discipline=discipline)
        agents.append(agent)
    return agents


def expected(audience: Audience) -> set[str]:
    """The people of the table, read as the staff read the criteria."""
    if audience.empty:
        return set()
    return {
        f"agent{number}"
        for number, (corps, grade, place, discipline) in enumerate(PEOPLE)
        if (not audience.corps or corps in audience.corps)
        and (not audience.grades or grade in audience.grades)
        and (not audience.departements or PLACES[place] in audience.departements)
        and (not audience.uais or place in audience.uais)
        and (not audience.disciplines or discipline in audience.disciplines)
        and (not audience.logins or f"agent{number}" in audience.logins)
    }


def some(values) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(values)), unique=True, max_size=2).map(tuple)


AUDIENCES = st.builds(
    Audience,
    everyone=st.booleans(),
    corps=some({"certifies", "agreges", "plp"}),
    grades=some({"classe_normale", "hors_classe"}),
    departements=some({"51", "08"}),
    uais=some(PLACES),
    disciplines=some({"L1000", "L1300"}),
    logins=some({f"agent{n}" for n in range(len(PEOPLE))}),
)


def test_those_simulated_are_those_written_to(academy):
    author = clerk("secretaire")

    @settings(max_examples=60)
    @given(audience=AUDIENCES)
    def deliver(audience: Audience) -> None:
        try:
            with transaction.atomic():
                draft = draft_circular(audience)
                wanted = expected(audience)
                if not wanted:
                    with pytest.raises(DomainError, match="circular_nobody"):
                        simulate_circular(circular=draft, by=author)
                    raise Undo
                circular = simulate_circular(circular=draft, by=author)
                preview = set(CircularRecipient.objects.values_list("user__username", flat=True))
                release_circular(circular=circular, by=author, seen=circular.simulation)
                delivered = list(Alert.objects.filter(cause=circular.cause).values_list("user__username", flat=True))
                assert len(delivered) == circular.recipient_count
                assert set(delivered) == preview == wanted
                raise Undo
        except Undo:
            pass

    deliver()


def test_an_audience_stays_within_the_habilitation_of_who_simulates(academy):
    ardennaise = staff(Role.GESTIONNAIRE, username="ardennaise", scope_kind=ScopeKind.DEPARTEMENT, scope_code="08")
    circular = simulated_circular(by=ardennaise)
    assert set(circular.recipients.values_list("user__username", flat=True)) == {"agent3", "agent4"}
    unknown = provider().unknown(Audience(logins=("agent0", "agent3", "personne")), by=ardennaise, on=ON)
    assert unknown == ["agent0", "personne"]


@pytest.mark.parametrize("gone", [{"left_on": ON, "left_reason": "retraite"}, {"user__is_active": False}])
def test_whoever_has_left_or_has_no_open_account_is_not_written_to(academy, gone):
    if "left_on" in gone:
        Agent.objects.filter(pk=academy[0].pk).update(**gone)
    else:
        User.objects.filter(pk=academy[0].user_id).update(is_active=False)
    assert academy[0].user_id not in provider().accounts(Audience(everyone=True), by=clerk("secretaire"), on=ON)


def test_the_dry_run_counts_each_once_and_names_people_in_reach(academy):
    second = EstablishmentFactory(uai=uai(80_001))
    AssignmentFactory(agent=academy[0], establishment=second, quotity=20)  # a second, smaller post elsewhere
    CareerStepFactory(agent=academy[4], corps="plp", cancelled=True, effective_on=dt.date(2026, 1, 1))
    circular = simulated_circular()
    run = dry_run(circular, by=circular.edited_by, on=ON)
    counts = {(share.criterion, share.label): share.count for share in run.shares}
    assert {label: n for (criterion, label), n in counts.items() if criterion == "Département"} == {
        "Marne": 3,
        "Ardennes": 2,
    }
    assert sum(n for (criterion, _), n in counts.items() if criterion == "Corps") == 5
    assert len(run.sample) == 5
    ardennaise = staff(Role.GESTIONNAIRE, username="ardennaise", scope_kind=ScopeKind.DEPARTEMENT, scope_code="08")
    near = {person.account for person in dry_run(circular, by=ardennaise, on=ON).sample}
    assert near == {academy[0].user_id, academy[3].user_id, academy[4].user_id}


def test_an_agent_without_step_nor_post_is_counted_as_such(academy):
    AgentFactory(user__username="sans-poste")
    shares = dry_run(simulated_circular(), by=clerk("secretaire"), on=ON).shares
    assert [share.count for share in shares if share.label == "non transmis"] == [1, 1]


def test_the_mail_shown_is_the_mail_sent(academy, mailoutbox, django_capture_on_commit_callbacks):
    circular = simulated_circular(Audience(logins=("agent0",)))
    shown = dry_run(circular, by=circular.edited_by, on=ON).text
    with django_capture_on_commit_callbacks(execute=True):
        release_circular(circular=circular, by=circular.edited_by, seen=circular.simulation)
    (mail,) = mailoutbox
    assert mail.to == ["agent0@ac-reims.example"]
    sent = mail.message().parsed.get_payload(0).get_payload(decode=True).decode()
    assert " ".join(sent.split()) == " ".join(shown.split())


def test_an_audience_reads_in_words():
    audience = Audience(corps=("certifies",), departements=("51", "08"), uais=("0510001A",))
    assert audience_in_words(audience) == [
        ("Corps", "Professeurs certifiés"),
        ("Département", "Marne, Ardennes"),
        ("Établissement", "0510001A"),
    ]
    assert audience_in_words(Audience(everyone=True)) == [("Destinataires", "Tous les agents")]
