"""The delays of a rendez-vous de carrière as dates of the calendar of the agent (requirement S48, decision K2)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from career.domain.rendez_vous_clocks import COMMISSION
from career.enums import AppraisalAsk, CorrectionState
from career.models import AppraisalRequest, Evaluation
from career.selectors.appraisals import MEETINGS, VERBS, Appraisal, appraisal_of, follow_up
from iprof.correspondence.calendar import Entry, last_minute
from iprof.kernel.explain import Node
from iprof.web.ics import stable_uid
from security.models import User

KEPT_DAYS = 120  # a delay lasts thirty clear days: older notifications have none left to tell
ASKED_DAYS = 365  # the answer may come late, and the commission after it
RULE = f"career.rendez_vous.{COMMISSION}"


def clock_entries(user: User, on: dt.date) -> Iterator[Entry]:
    """What may still be asked after an appraisal notified lately, and what was asked. One query for most, two otherwise."""
    since = on - dt.timedelta(KEPT_DAYS)
    mine = AppraisalRequest.objects.filter(agent__user_id=user.pk)
    asked = mine.filter(created_at__gt=last_minute(on - dt.timedelta(ASKED_DAYS))).values("evaluation_ref")
    held = list(
        Evaluation.objects.filter(
            Q(report_notified_on__gt=since) | Q(notified_on__gt=since) | Q(ref__in=asked),
            agent__user_id=user.pk, cancelled=False, kind__in=MEETINGS,
        ).select_related("agent")
    )  # fmt: skip
    if not held:
        return
    requests = tuple(mine)
    for row in held:
        here = row.agent.left_on is None or row.agent.left_on > on
        appraisal = appraisal_of(row, requests, on=on, here=here)
        yield from _clocks(row, appraisal)
        yield from _commissions(row, appraisal)


def _clocks(row: Evaluation, appraisal: Appraisal) -> Iterator[Entry]:
    """A delay whose last day is known, and that the agent used or may still use."""
    for clock in appraisal.clocks:
        if clock.node is not None and (clock.may_ask or clock.asked):
            link = reverse("career:appraisal_list")
            title = f"{VERBS[AppraisalAsk(clock.kind)].capitalize()} : {appraisal.title}"
            yield from _entry(row, clock.kind, title, clock.node, link, done=clock.asked is not None)


def _commissions(row: Evaluation, appraisal: Appraisal) -> Iterator[Entry]:
    for clock in appraisal.clocks:
        if clock.asked is None or clock.asked.state != CorrectionState.REFUSED:
            continue
        for node in follow_up(clock.asked):
            if node.rule == RULE:
                link = reverse("career:appraisal_detail", args=[clock.asked.public_id])
                yield from _entry(row, COMMISSION, f"Saisir la commission : {appraisal.title}", node, link)


def _entry(row: Evaluation, kind: str, title: str, node: Node, link: str, *, done: bool = False) -> Iterator[Entry]:
    """Nothing while the day is not known."""
    if not isinstance(node.value, dt.date):
        return
    yield Entry(
        uid=stable_uid("career/appraisal", row.agent.matricule, row.ref, kind),
        title=title,
        closes_at=last_minute(node.value),
        source=node.sources[0].text if node.sources else "",
        procedure="Rendez-vous de carrière",
        link=link,
        all_day=True,
        done=done,
        modified_at=row.recorded_at,
        why=node,
    )
