"""Campaigns and requests of mobility, through the services themselves."""

import datetime as dt
from typing import Any

from django.utils import timezone

from mobility.models import Campaign, MobilityRequest
from mobility.services.campaigns import create_campaign
from mobility.services.confirm import Confirmed, confirm
from mobility.services.drafts import open_request, save_claims, save_voeux
from security.models import User
from tests.factories.accounts import UserFactory

FAMILY = {
    "strategy": "rc", "lien": "mariage", "lien_on": dt.date(2019, 4, 27), "conjoint_postal_code": "21000",
    "conjoint_commune": "Dijon", "conjoint_departement": "21", "activity": "activite",
    "children_birthdates": [dt.date(2020, 1, 9)], "separation_active": 1,
}  # fmt: skip


def campaign(by: User | None = None, **changed: Any) -> Campaign:
    """Open since yesterday, until in a week; that of the session when there is one already."""
    now = timezone.now()
    session = changed.pop("session", now.year + 1)
    if not changed and (found := Campaign.objects.filter(session=session, degree="2D", phase="inter").first()):
        return found
    told: dict[str, Any] = {
        "degree": "2D", "phase": "inter", "session": session, "rules_session": session,
        "title": f"Mouvement interacadémique {session}", "source": "Calendrier fictif",
        "opens_at": now - dt.timedelta(1), "closes_at": now + dt.timedelta(7), "pieces_until": now + dt.timedelta(17),
        "bareme_shown_at": now + dt.timedelta(50), "contest_until": now + dt.timedelta(64),
        "late_until": now + dt.timedelta(70), "results_at": now + dt.timedelta(100), "voeux_max": 31,
    }  # fmt: skip
    return create_campaign(campaign=Campaign(**(told | changed)), by=by or UserFactory())


def draft(
    owner: User, of: Campaign | None = None, voeux: tuple[str, ...] = ("Dijon", "Lyon", "Nice"), **claims: Any
) -> MobilityRequest:
    """A draft with its vœux and claims; `claims` are fields of `Claims`, FAMILY when none is given."""
    request = open_request(owner=owner, campaign=of or campaign(), claims={})
    request = save_voeux(request=request, revision=request.revision, voeux=voeux)
    return save_claims(request=request, revision=request.revision, claims=claims or FAMILY)


def confirmed(owner: User, of: Campaign | None = None, **told: Any) -> Confirmed:
    """One sent, pieces awaited."""
    request = draft(owner, of, **told)
    return confirm(request=request, revision=request.revision, by=owner, accepted_missing=True)
