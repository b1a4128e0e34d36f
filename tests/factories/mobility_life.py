"""Requests further in their life: controlled while barèmes are displayed, contested, asked late."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from mobility.domain.states import Act
from mobility.enums import Ground, VersionCause
from mobility.models import BaremeVersion, Campaign, Contest, LateChange, MobilityRequest
from mobility.selectors.snapshot import request_facts
from mobility.services.confirm import archive_version
from mobility.services.contests import Contested, contest_line
from mobility.services.drafts import lock, move
from mobility.services.late import Changed, ask_late_change
from mobility.services.versions import latest_version, version_from
from security.models import User
from tests.factories.accounts import UserFactory
from tests.factories.documents import proof_of_address
from tests.factories.mobility import campaign, draft
from tests.mobility.plain_rules import plain_bareme


def displaying(**changed: Any) -> Campaign:
    """A new campaign, open until in an hour, whose barèmes are displayed from then on: read its pages two days later."""
    now = timezone.now()
    latest = Campaign.objects.aggregate(latest=Max("session"))["latest"] or now.year
    told: dict[str, Any] = {
        "session": latest + 1,
        "closes_at": now + dt.timedelta(hours=1), "pieces_until": now + dt.timedelta(hours=2),
        "bareme_shown_at": now + dt.timedelta(hours=3), "contest_until": now + dt.timedelta(days=14),
        "late_until": now + dt.timedelta(days=20), "results_at": now + dt.timedelta(days=40),
    }  # fmt: skip
    return campaign(**(told | changed))


def controlled(owner: User, of: Campaign | None = None, by: User | None = None, **told: Any) -> BaremeVersion:
    """Sent, then controlled by a named person: the version displayed."""
    return control(sent(owner, of or displaying(), **told).request, by or UserFactory())


@transaction.atomic
def sent(owner: User, of: Campaign | None = None, **told: Any) -> BaremeVersion:
    """Confirmed with the rules of `tests.mobility.plain_rules`: its first version."""
    locked, now = lock(draft(owner, of, **told)), timezone.now()
    facts = request_facts(locked, on=timezone.localdate())
    move(locked, Act.CONFIRM, by=owner, at=now, confirmed_at=now)
    return archive_version(locked, cause=VersionCause.CONFIRMED, facts=facts, found=plain_bareme(facts), at=now)


@transaction.atomic
def control(request: MobilityRequest, by: User) -> BaremeVersion:
    locked, now = lock(request), timezone.now()
    base = latest_version(locked)
    move(locked, Act.CONTROL, by=by, at=now)
    return version_from(
        locked, base, cause=VersionCause.CONTROLLED, retained=base.retained, decided_by=by, note="Conforme", at=now
    )


def about(version: BaremeVersion, **changed: Any) -> Contested:
    """The line of the échelon on the first vœu, said too low."""
    told: dict[str, Any] = {
        "place": version.result["voeux"][0]["place"], "item": "echelon", "label": "Ancienneté de service",
        "ground": Ground.POINTS, "shown": Decimal(49), "expected": Decimal(56), "reason": "Mon échelon est le 8e.",
    }  # fmt: skip
    return Contested(**(told | changed))


def contest(version: BaremeVersion, **changed: Any) -> Contest:
    at = changed.pop("at", timezone.now() + dt.timedelta(days=2))
    return contest_line(version=version, about=about(version, **changed), by=version.request.owner, at=at).contest


def late_change(version: BaremeVersion, **changed: Any) -> LateChange:
    """Another first vœu, for the move of the conjoint; its proof is made with it."""
    owner, at = version.request.owner, changed.pop("at", timezone.now() + dt.timedelta(days=2))
    told: dict[str, Any] = {
        "event": "mutation_conjoint", "happened_on": timezone.localdate(), "voeux": ("Nice", "Lyon"), "claims": {},
        "reason": "Mon conjoint est muté à Nice.",
    }  # fmt: skip
    documents = changed.pop("documents", None)
    proofs = [proof_of_address(owner)] if documents is None else documents
    by = changed.pop("by", owner)
    asked = Changed(**(told | changed))
    return ask_late_change(request=version.request, asked=asked, by=by, documents=proofs, at=at).late
