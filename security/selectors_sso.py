"""The identity providers as an account sees them."""

import datetime as dt
from dataclasses import dataclass

from security.models import FederatedLink, User
from security.sso.providers import providers


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A provider of this place: linked (`pk`, `linked_at`) or not yet."""

    slug: str
    name: str
    pk: int | None = None
    linked_at: dt.datetime | None = None
    used_at: dt.datetime | None = None


def links_of(user: User) -> list[LinkLine]:
    """Every provider configured, then links to those that are not any more. One query."""
    kept = {link.provider: link for link in FederatedLink.objects.filter(user=user)}
    names = {provider.slug: provider.name for provider in providers()}
    slugs = [*names, *(slug for slug in kept if slug not in names)]
    return [_line(slug, names.get(slug, slug), kept.get(slug)) for slug in slugs]


def _line(slug: str, name: str, link: FederatedLink | None) -> LinkLine:
    return LinkLine(slug, name, link.pk, link.linked_at, link.used_at) if link else LinkLine(slug, name)
