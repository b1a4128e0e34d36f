"""The identity providers of this place, as the environment names them (docs/operations.md)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from security.domain.sso import PROCONNECT_CLAIMS

ALGORITHMS = ("RS256", "PS256", "ES256")  # asymmetric only: a provider's public key never serves as a shared secret
PROFILES = {"": (), "proconnect": PROCONNECT_CLAIMS}
KINDS = ("oidc", "cas")


@dataclass(frozen=True, slots=True)
class Provider:
    """`issuer` is the identifier of an OpenID Connect provider, or the address of a CAS server; `home` its own page.

    `acr` lists the levels asked for, one of which must be answered; `algorithms` those accepted for its signatures.
    """

    slug: str
    kind: str
    name: str
    issuer: str
    client_id: str = ""
    client_secret: str = ""
    scopes: tuple[str, ...] = ("openid", "profile")
    acr: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ALGORITHMS
    required: tuple[str, ...] = ()
    home: str = ""

    @property
    def secure(self) -> bool:
        return urlsplit(self.issuer).scheme == "https"


def providers() -> tuple[Provider, ...]:
    return tuple(_read(slug, values) for slug, values in settings.SSO_PROVIDERS.items())


def find_provider(slug: str) -> Provider | None:
    return next((found for found in providers() if found.slug == slug), None)


def _read(slug: str, values: dict[str, str]) -> Provider:
    default = " ".join(("openid", "profile"))
    return Provider(
        slug=slug,
        kind=values.get("kind") or "oidc",
        name=values.get("name") or slug.upper(),
        issuer=values.get("issuer", ""),
        client_id=values.get("client_id", ""),
        client_secret=values.get("client_secret", ""),
        scopes=tuple((values.get("scope") or default).split()),
        acr=tuple(values.get("acr", "").split()),
        algorithms=tuple(values.get("algorithms", "").split()) or ALGORITHMS,
        required=PROFILES.get(values.get("profile", ""), ()),
        home=values.get("home", ""),
    )
