"""Any parameter on any page of the portal: never a 500."""

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.access_rules import RULES
from tests.client import PortalClient
from tests.factories.career import full_career

pytestmark = pytest.mark.django_db
TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
ODD = st.sampled_from(
    ["", "0", "-1", "9" * 40, "null", "é", "\u202e", "<script>", "' OR 1=1 --", "../..", "\x00", "2026-02-30"]
)
NAMES = ["nature", "annee", "ordre", "page", "ref", "message", "etape", "next", "suite", "theme", "login", "password",
         "secret", "password1", "password2", "current", "email", "fin", "kind", "q", "rubrique", "action", "version", "title", "starts"]  # fmt: skip


@pytest.mark.req("S14")
@pytest.mark.parametrize("name", RULES)
@settings(max_examples=8)
@given(data=st.dictionaries(st.sampled_from(NAMES), TEXT | ODD, max_size=6), post=st.booleans())
def test_no_parameter_breaks_a_page(name, data, post):
    owner = full_career()
    rule = RULES[name]
    client = PortalClient()
    if rule.kind != "guest":
        client.force_login(owner.user)
    address = reverse(name, kwargs=rule.args(owner))
    response = client.post(address, data) if post else client.get(address, data)
    assert response.status_code < 500
