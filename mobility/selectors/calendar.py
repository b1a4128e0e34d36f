"""The dates of an agent's requests in their calendar of deadlines (S11, K2)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.calendar import Entry
from iprof.web.ics import stable_uid
from mobility.domain.states import State
from mobility.enums import CampaignDate
from mobility.models import MobilityRequest
from security.models import User

PROCEDURE = "Mouvement"
KEPT_DAYS = 30  # how long a date past is still told
DATES = (CampaignDate.CLOSES.value, CampaignDate.PIECES.value, CampaignDate.CONTEST.value)
_SENT = (State.SUBMITTED, State.CONTROLLED, State.STUDIED, State.PUBLISHED)


def dated_requests() -> ArraySubquery:
    """The requests of each account of a query of accounts, as JSON: a page that reads the account anyway
    asks nothing more (it leaves them on the account as `dated_requests`)."""
    told = {name: name for name in ("public_id", "state", "changed_at")} | {
        name: f"campaign__{name}" for name in ("title", "source", "deadline_id", "moves", *DATES)
    }
    mine = MobilityRequest.objects.filter(owner=OuterRef("pk"), campaign__isnull=False).exclude(state=State.WITHDRAWN)
    return ArraySubquery(mine.order_by("pk").values(told=JSONObject(**told)))


def mobility_entries(user: User, on: dt.date) -> Iterator[Entry]:
    """What each request has still to do, and when. One query, none when the account brings its requests."""
    rows = getattr(user, "dated_requests", None)
    if rows is None:
        rows = User.objects.filter(pk=user.pk).values_list(dated_requests(), flat=True).first() or ()
    since = timezone.now() - dt.timedelta(KEPT_DAYS)
    for row in rows:
        yield from (one for one in _of_request(row) if one.closes_at > since)


def _of_request(row: Mapping[str, Any]) -> Iterator[Entry]:
    state = State(row["state"])
    if row["deadline_id"] is None:  # announced by the correspondences otherwise
        yield _entry(row, CampaignDate.CLOSES, "Confirmer ma demande de mutation", done=state in _SENT)
    if state in _SENT:
        yield _entry(row, CampaignDate.PIECES, "Transmettre les pièces de ma demande de mutation")
    if state is State.CONTROLLED and row["contest_until"]:
        yield _entry(row, CampaignDate.CONTEST, "Relire mon barème et le contester s'il est faux")


def _entry(row: Mapping[str, Any], date: CampaignDate, title: str, *, done: bool = False) -> Entry:
    return Entry(
        uid=stable_uid("mobility/request", row["public_id"], date.value),
        title=title,
        closes_at=dt.datetime.fromisoformat(row[date.value]),
        source=row["source"],
        procedure=row["title"] or PROCEDURE,
        link=reverse("mobility:request", kwargs={"public_id": row["public_id"]}),
        done=done,
        sequence=row["moves"],
        modified_at=dt.datetime.fromisoformat(row["changed_at"]),
    )
