"""The providers as the environment names them; contradictions are told at start."""

import pytest

from iprof.env import EnvironmentProblem, sections
from security.domain.sso import PROCONNECT_CLAIMS
from security.sso.checks import check_identity_providers
from security.sso.providers import ALGORITHMS, find_provider

GOOD = {"name": "ENT", "issuer": "https://ent.example", "client_id": "i", "client_secret": "s"}


def test_the_environment_names_them(monkeypatch):
    assert sections("IPROF_SSO", ("kind",)) == {}
    monkeypatch.setenv("IPROF_SSO_PROVIDERS", "ent, proconnect")
    monkeypatch.setenv("IPROF_SSO_ENT_KIND", "cas")
    monkeypatch.setenv("IPROF_SSO_PROCONNECT_ISSUER", " https://pc.example ")
    found = sections("IPROF_SSO", ("kind", "issuer"))
    assert found == {"ent": {"kind": "cas"}, "proconnect": {"issuer": "https://pc.example"}}


@pytest.mark.parametrize("name", ["ENT", "e-nt", "é", "relier/x"])
def test_a_name_that_would_not_fit_an_address_stops_the_start(monkeypatch, name):
    monkeypatch.setenv("IPROF_SSO_PROVIDERS", name)
    with pytest.raises(EnvironmentProblem, match="IPROF_SSO_PROVIDERS"):
        sections("IPROF_SSO", ())


def test_what_is_not_said_has_a_default(settings):
    settings.SSO_PROVIDERS = {"ent": {}, "pc": {"profile": "proconnect", "acr": "eidas1", "algorithms": "ES256"}}
    ent, proconnect = find_provider("ent"), find_provider("pc")
    assert (ent.kind, ent.name, ent.scopes, ent.algorithms) == ("oidc", "ENT", ("openid", "profile"), ALGORITHMS)
    assert (proconnect.required, proconnect.acr, proconnect.algorithms) == (PROCONNECT_CLAIMS, ("eidas1",), ("ES256",))
    assert find_provider("autre") is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"kind": "cas", "client_id": "", "client_secret": ""}, []),
        ({"kind": "saml"}, ["KIND is saml"]),
        ({"profile": "autre"}, ["PROFILE"]),
        ({"issuer": "http://ent.example"}, ["ISSUER"]),
        ({"issuer": "", "home": "ent.example"}, ["ISSUER", "HOME"]),
        ({"client_secret": ""}, ["CLIENT_SECRET"]),
        ({"algorithms": "RS256 HS256"}, ["ALGORITHMS"]),
    ],
)
def test_contradictions_are_told(settings, changes, words):
    settings.SSO_PROVIDERS = {"ent": GOOD | changes}
    told = [problem.msg for problem in check_identity_providers()]
    assert len(told) == len(words)
    assert all(f"IPROF_SSO_ENT_{word}" in text or word in text for word, text in zip(words, told, strict=True))


def test_two_providers_are_never_one(settings):
    settings.SSO_PROVIDERS = {"ent": GOOD, "autre": GOOD}
    assert [problem.id for problem in check_identity_providers()] == ["iprof.E030"]
