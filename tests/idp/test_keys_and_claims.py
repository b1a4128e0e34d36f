"""Keys in the environment, their rotation and checks; what the scope `agent` gives."""

import datetime as dt

import pytest
from django.urls import reverse

from iprof import checks, env
from security.idp import keys, tasks
from security.idp.claims import claims_of
from tests.client import PortalClient
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.idp import ServiceFactory
from tests.idp.conftest import pem
from tests.idp.relying import MACHINE, Relying, agree

pytestmark = [pytest.mark.django_db, pytest.mark.req("S62", "D42")]


def test_a_key_is_announced_signs_then_stays_known(browser, user, relying, settings, signing_key):
    new = pem()
    told = relying.redeem(agree(browser, relying.address(), user).headers["Location"])["id_token"]
    settings.IDP_KEYS = [new, signing_key]
    assert relying.read(told)["sub"]
    assert keys.read_hint(told)
    assert len(MACHINE.get(reverse("idp:jwks")).json()["keys"]) == 2
    settings.IDP_KEYS = [new]
    assert keys.read_hint(told) is None


def test_published_keys_hold_nothing_private():
    [key] = MACHINE.get(reverse("idp:jwks")).json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg", "key_ops"}


def test_discovery_tells_what_is_offered_and_no_more():
    told = PortalClient().get(reverse("idp:configuration")).json()
    assert told["response_types_supported"] == ["code"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["subject_types_supported"] == ["pairwise"]
    assert not {"registration_endpoint", "device_authorization_endpoint", "introspection_endpoint"} & set(told)


def test_keys_are_read_from_one_line_or_many(monkeypatch, signing_key):
    monkeypatch.setenv("IPROF_IDP_KEY", signing_key.strip().replace("\n", "\\n") + "\\n" + signing_key)
    assert env.pem_blocks("IPROF_IDP_KEY") == [signing_key, signing_key]
    monkeypatch.setenv("IPROF_IDP_KEY", "")
    assert env.pem_blocks("IPROF_IDP_KEY") == []
    monkeypatch.setenv("IPROF_IDP_KEY", "secret")
    with pytest.raises(env.EnvironmentProblem, match="no PEM block"):
        env.pem_blocks("IPROF_IDP_KEY")


def test_a_short_false_double_or_missing_key_is_told(settings, signing_key):
    def told() -> list[str]:
        found = [*checks.check_identity_keys(), *checks.check_identity_key_is_there(databases=["default"])]
        return [problem.id for problem in found]

    assert told() == []
    settings.IDP_KEYS = [pem(2048), "-----BEGIN PRIVATE KEY-----\nfaux\n-----END PRIVATE KEY-----\n"]
    assert told() == ["iprof.E019", "iprof.E019"]
    settings.IDP_KEYS = [signing_key, signing_key]
    assert told() == ["iprof.E020"]
    settings.IDP_KEYS = []
    assert told() == []
    service = ServiceFactory()
    assert told() == ["iprof.E021"]
    assert checks.check_identity_key_is_there() == []
    with pytest.raises(keys.ImproperlyConfigured):
        tasks.logout_token(service, "sub", "sid")


def test_an_agent_s_corps_and_establishment_go_to_a_service_that_asks_for_them():
    agent = full_career()
    found = claims_of(agent.user, "carnet", ["openid", "agent"])
    assert set(found) == {"sub", "corps", "uai"}
    assert found["corps"] == agent.steps.latest("effective_on").corps
    agent.left_on, agent.left_reason = dt.date(2020, 1, 1), "retraite"
    agent.save()
    assert set(claims_of(agent.user, "carnet", ["openid", "agent"])) == {"sub"}
    assert set(claims_of(UserFactory(username="sansdossier"), "carnet", ["openid", "agent"])) == {"sub"}


def test_nothing_forbidden_is_ever_told():
    agent = full_career()
    told = str(claims_of(agent.user, "carnet", ["openid", "profile", "email", "agent", "numen", "birth_date"]))
    assert agent.birth_date.isoformat() not in told
    assert agent.matricule not in told
    assert agent.user.username not in told.replace(agent.user.email, "")


def test_old_tokens_are_forgotten(browser, user, service):
    from allauth.idp.oidc.models import Token  # noqa: PLC0415

    relying = Relying(service.pk)
    relying.redeem(agree(browser, relying.address(), user).headers["Location"])
    Token.objects.filter(type="ac").update(expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert tasks.forget_old_tokens() == 1
    assert relying.person().status_code == 200
