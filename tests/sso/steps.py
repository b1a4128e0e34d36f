"""A sign-in through a provider of the tests, step by step."""

from urllib.parse import parse_qs, urlsplit

from tests.client import PortalClient
from tests.sso.liar import Liar


def ask(client: PortalClient, slug: str = "ent", **query: str) -> dict[str, str]:
    """What the portal asks of the provider."""
    sent = client.get(f"/acces/{slug}/", query).headers["Location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}


def answer(client: PortalClient, asked: dict[str, str], slug: str = "ent", **changes: str):
    return client.get(f"/acces/{slug}/retour/", {"code": "c", "state": asked["state"], **changes})


def come(client: PortalClient, liar: Liar, slug: str = "ent", **changes: object):
    """The whole of it, the provider asserting its right claims but for `changes`."""
    asked = ask(client, slug)
    liar.gives(liar.sign(liar.claims(asked["nonce"], **changes)))
    return answer(client, asked, slug)


def is_in(client: PortalClient) -> bool:
    return "_auth_user_id" in client.session
