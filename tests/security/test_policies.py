"""Which files, and which of their fields, for each role and scope."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from security.enums import Role, ScopeKind
from security.models import User
from security.policies import NOTHING, WHOLE_FILE, AgentField, scope_of
from tests.factories.accounts import HabilitationFactory, UserFactory, staff

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 24)
HERE = {"departement": "51", "uai": "0511234A"}
NEIGHBOUR = {"departement": "51", "uai": "0519999Z"}
ELSEWHERE = {"departement": "08", "uai": "0081234B"}
HEAD_FIELDS = {
    AgentField.NAME,
    AgentField.CORPS,
    AgentField.DISCIPLINE,
    AgentField.QUOTITY,
    AgentField.ESTABLISHMENT,
}
SUPPORT_FIELDS = {
    AgentField.NAME,
    AgentField.CORPS,
    AgentField.DISCIPLINE,
    AgentField.ESTABLISHMENT,
    AgentField.LOGIN,
    AgentField.ACCOUNT_STATE,
    AgentField.PORTAL,
}
EVERYTHING = set(AgentField)
NONE: set[AgentField] = set()
ACADEMIE, DEPARTEMENT, ESTABLISHMENT = ScopeKind.ACADEMIE, ScopeKind.DEPARTEMENT, ScopeKind.ESTABLISHMENT


@pytest.mark.req("D16", "D21")
@pytest.mark.parametrize(
    ("role", "kind", "code", "here", "neighbour", "elsewhere"),
    [
        (Role.TEACHER, ACADEMIE, "", NONE, NONE, NONE),
        (Role.GESTIONNAIRE, ACADEMIE, "", WHOLE_FILE, WHOLE_FILE, WHOLE_FILE),
        (Role.GESTIONNAIRE, DEPARTEMENT, "51", WHOLE_FILE, WHOLE_FILE, NONE),
        (Role.GESTIONNAIRE, ESTABLISHMENT, "0511234A", WHOLE_FILE, NONE, NONE),
        (Role.HEAD, ESTABLISHMENT, "0511234A", HEAD_FIELDS, NONE, NONE),
        (Role.HEAD, DEPARTEMENT, "51", NONE, NONE, NONE),
        (Role.HEAD, ACADEMIE, "", NONE, NONE, NONE),
        (Role.DPO, ACADEMIE, "", NONE, NONE, NONE),
        (Role.IT, ACADEMIE, "", NONE, NONE, NONE),
        (Role.SUPERADMIN, ACADEMIE, "", EVERYTHING, EVERYTHING, EVERYTHING),
        (Role.SUPPORT, DEPARTEMENT, "51", SUPPORT_FIELDS, SUPPORT_FIELDS, NONE),
        (Role.SUPPORT, ESTABLISHMENT, "0511234A", SUPPORT_FIELDS, NONE, NONE),
    ],
)
def test_fields_by_role_and_scope(role, kind, code, here, neighbour, elsewhere):
    scope = scope_of(staff(role, scope_kind=kind, scope_code=code), on=TODAY)

    assert scope.roles == {role}
    assert scope.agent_fields(**HERE) == here
    assert scope.agent_fields(**NEIGHBOUR) == neighbour
    assert scope.agent_fields(**ELSEWHERE) == elsewhere


@pytest.mark.req("D16")
def test_an_académie_wide_dpo_or_it_account_opens_no_list_of_agents():
    for role in (Role.DPO, Role.IT):
        scope = scope_of(staff(role), on=TODAY)
        assert (scope.whole, scope.departements, scope.uais) == (False, frozenset(), frozenset())


@pytest.mark.req("D16")
def test_fields_are_decided_by_place_when_a_person_has_two_roles():
    user = staff(Role.GESTIONNAIRE, scope_kind=DEPARTEMENT, scope_code="08")
    head = staff(Role.HEAD, scope_kind=ESTABLISHMENT, scope_code="0511234A")
    user.groups.add(*head.groups.all())
    HabilitationFactory(user=user, role=Role.HEAD, scope_kind=ESTABLISHMENT, scope_code="0511234A")

    scope = scope_of(user, on=TODAY)

    assert scope.agent_fields(**ELSEWHERE) == WHOLE_FILE
    assert scope.agent_fields(**HERE) == HEAD_FIELDS
    assert (scope.departements, scope.uais) == ({"08"}, {"0511234A"})


@pytest.mark.req("D21")
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "in_force"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY + datetime.timedelta(1), None, False),
        (datetime.date(2020, 1, 1), TODAY - datetime.timedelta(1), False),
    ],
)
def test_a_habilitation_counts_between_its_dates_both_included(starts_on, ends_on, in_force):
    user = UserFactory(staff=True, roles=[Role.GESTIONNAIRE])
    HabilitationFactory(user=user, starts_on=starts_on, ends_on=ends_on)

    assert bool(scope_of(user, on=TODAY).departements) is in_force


@pytest.mark.req("D21")
def test_a_habilitation_without_the_role_opens_nothing():
    assert scope_of(HabilitationFactory().user, on=TODAY) == NOTHING


@pytest.mark.req("D21")
def test_a_superuser_without_habilitation_opens_no_file():
    user = UserFactory(staff=True, is_superuser=True, roles=[Role.SUPERADMIN])

    assert not scope_of(user, on=TODAY).agent_fields(**HERE)


def test_nobody_signed_in_and_closed_accounts_have_no_scope():
    closed = staff(Role.GESTIONNAIRE, is_active=False)

    assert scope_of(AnonymousUser(), on=TODAY) == scope_of(closed, on=TODAY) == NOTHING


def test_an_agent_without_post_is_seen_by_the_whole_académie_only():
    nowhere = {"departement": "", "uai": ""}

    assert scope_of(staff(Role.GESTIONNAIRE), on=TODAY).agent_fields(**nowhere) == WHOLE_FILE
    local = staff(Role.GESTIONNAIRE, username="local", scope_kind=DEPARTEMENT, scope_code="51")
    assert not scope_of(local, on=TODAY).agent_fields(**nowhere)


def test_one_query_for_a_request_and_a_fresh_answer_for_the_next(django_assert_num_queries):
    user = staff(Role.GESTIONNAIRE)
    with django_assert_num_queries(2):  # the lazy user, then its scope
        request_user = SimpleLazyObject(lambda: User.objects.get(pk=user.pk))
        assert scope_of(request_user, on=TODAY).whole
        assert scope_of(request_user, on=TODAY).whole

    user.habilitations.all().delete()

    assert not scope_of(User.objects.get(pk=user.pk), on=TODAY).whole
