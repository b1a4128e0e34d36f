"""The table of functions and the groups made from it."""

import pytest
from django.contrib.auth.models import Group, Permission

from security.enums import Role
from security.models import User
from security.roles import PERMISSIONS, sync_roles
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("D16")]


def held(role: Role) -> set[str]:
    pairs = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in pairs}


@pytest.mark.parametrize("role", Role)
def test_migrating_gives_each_group_the_table_and_nothing_else(role):
    assert held(role) == PERMISSIONS[role]


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("career.reveal_numen", {Role.GESTIONNAIRE, Role.SUPERADMIN}),
        ("career.print_letter", {Role.GESTIONNAIRE, Role.SUPERADMIN}),
        ("career.read_agent_file", {Role.GESTIONNAIRE, Role.HEAD, Role.SUPPORT, Role.SUPERADMIN}),
        ("career.view_evaluation", {Role.GESTIONNAIRE, Role.SUPERADMIN}),
        ("career.view_familysituation", {Role.GESTIONNAIRE, Role.SUPERADMIN}),
        ("career.answer_correction", {Role.GESTIONNAIRE, Role.SUPERADMIN}),
        ("career.view_correctionrequest", {Role.GESTIONNAIRE, Role.DPO, Role.SUPERADMIN}),
        ("career.answer_appraisal", {Role.GESTIONNAIRE, Role.SUPERADMIN}),
        ("career.view_appraisalrequest", {Role.GESTIONNAIRE, Role.SUPERADMIN}),
        ("career.replay_feed", {Role.IT, Role.SUPERADMIN}),
        ("career.view_inboxmessage", {Role.IT, Role.SUPERADMIN}),
        ("correspondence.resend_alert", {Role.IT, Role.SUPERADMIN}),
        ("correspondence.publish_bulletin", {Role.IT, Role.SUPERADMIN}),
        ("correspondence.handle_suspiciousreport", {Role.IT, Role.SUPERADMIN}),
        ("correspondence.delete_suspiciousreport", set()),
        ("security.view_accessevent", {Role.DPO, Role.SUPERADMIN}),
        ("security.impersonate_user", {Role.SUPPORT, Role.SUPERADMIN}),
        ("security.view_impersonation", {Role.DPO, Role.SUPERADMIN}),
        ("security.change_impersonation", set()),
        ("security.add_habilitation", {Role.SUPERADMIN}),
        ("security.decide_factorloss", {Role.GESTIONNAIRE, Role.IT, Role.SUPERADMIN}),
        ("security.view_factorloss", {Role.GESTIONNAIRE, Role.IT, Role.SUPERADMIN}),
        ("security.change_factorloss", set()),
        ("security.change_accessevent", set()),
        ("career.change_agent", set()),
    ],
)
def test_who_may(permission, roles):
    allowed = {role for role in Role if UserFactory(username=f"u-{role}", roles=[role]).has_perm(permission)}

    assert allowed == roles


def test_synchronising_again_writes_nothing(django_assert_num_queries):
    before = {role: held(role) for role in Role}
    with django_assert_num_queries(1 + 2 * len(Role)):
        sync_roles("career")

    assert {role: held(role) for role in Role} == before


def test_a_permission_added_or_removed_by_hand_does_not_last():
    head = Group.objects.get(name=Role.HEAD)
    head.permissions.add(Permission.objects.get(content_type__app_label="career", codename="reveal_numen"))
    head.permissions.remove(Permission.objects.get(content_type__app_label="career", codename="view_agent"))

    sync_roles("career")

    assert held(Role.HEAD) == PERMISSIONS[Role.HEAD]
    assert not User.objects.filter(groups=head).exists()
