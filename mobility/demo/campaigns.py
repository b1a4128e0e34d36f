"""Campaigns of the fictional académie, laid around the day they are made, and a few requests in them, made by the
product's own services."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from mobility.domain import sessions
from mobility.enums import Degree, Phase
from mobility.models import Campaign, MobilityRequest
from mobility.selectors.file import file_facts
from mobility.selectors.snapshot import session_of
from mobility.services.campaigns import create_campaign
from mobility.services.confirm import Refused, confirm
from mobility.services.drafts import open_request, save_voeux
from security.models import User

SOURCE = "Exemple de l'académie fictive : aucun texte ne fixe ces dates"
TITLES = {Degree.SECOND: "Mouvement interacadémique", Degree.FIRST: "Mouvement interdépartemental"}
MAX = {Degree.SECOND: 31, Degree.FIRST: 6}
VOEUX = {Degree.SECOND: ("Dijon", "Nancy-Metz", "Lyon"), Degree.FIRST: ("21", "54", "69")}


def open_demo_campaigns(*, by: User, on: dt.date) -> list[Campaign]:
    """One of each degree, open since five days; nothing when a campaign exists already."""
    if Campaign.objects.exists():
        return []
    return [create_campaign(campaign=_campaign(degree, on), by=by) for degree in Degree]


def send_demo_requests(*, owners: Sequence[User], on: dt.date) -> int:
    """One request for each of `owners` who has none, confirmed; how many were."""
    sent = 0
    for owner in owners:
        degree = Degree(file_facts(owner, session=session_of(on), on=on).degree)
        campaign = Campaign.objects.filter(degree=degree, phase=Phase.INTER).first()
        if campaign is None or MobilityRequest.objects.filter(owner=owner, campaign=campaign).exists():
            continue
        request = open_request(owner=owner, campaign=campaign, claims={})
        request = save_voeux(request=request, revision=request.revision, voeux=VOEUX[degree])
        try:
            confirm(request=request, revision=request.revision, by=owner, accepted_missing=True)
        except Refused:
            continue
        sent += 1
    return sent


def _campaign(degree: Degree, on: dt.date) -> Campaign:
    session = session_of(on)
    return Campaign(
        degree=degree,
        phase=Phase.INTER,
        session=session,
        rules_session=sessions.session_of(session).rules,
        title=f"{TITLES[degree]} {session}",
        source=SOURCE,
        opens_at=_at(on, -5),
        closes_at=_at(on, 16),
        pieces_until=_at(on, 26),
        bareme_shown_at=_at(on, 50),
        contest_until=_at(on, 64),
        late_until=_at(on, 74),
        results_at=_at(on, 105),
        voeux_max=MAX[degree],
    )


def _at(on: dt.date, days: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on + dt.timedelta(days), dt.time(12)))
