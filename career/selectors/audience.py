"""Who a circular reaches: criteria of the correspondences turned into accounts, among the agents its author may see."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from career.domain.grids import load_grids
from career.models import Agent, Assignment, CareerStep, Establishment
from career.selectors.agents import visible_agents
from career.selectors.staff import current_posts, place_of, with_step_and_posts
from iprof.correspondence.audience import Audience, Reached, Share
from security.models import User


class AgentAudience:
    """The AudienceProvider of the portal. Posts and steps are those of the day asked for."""

    def accounts(self, audience: Audience, *, by: User, on: dt.date) -> list[int]:
        """Two statements at most, whatever the size. An empty audience reaches nobody."""
        if audience.empty:
            return []
        agents = _present(by, on)
        if audience.logins:
            agents = agents.filter(user__username__in=audience.logins)
        if audience.corps or audience.grades:
            agents = agents.filter(pk__in=_on_step(audience, on))
        if audience.departements or audience.uais or audience.disciplines:
            agents = agents.filter(pk__in=_on_post(audience, on))
        return list(agents.order_by("user_id").values_list("user_id", flat=True))

    def sample(self, accounts: Sequence[int], *, on: dt.date) -> tuple[Reached, ...]:
        rows = {row.user_id: row for row in with_step_and_posts(Agent.objects.filter(user_id__in=accounts), on=on)}
        return tuple(_reached(rows[account]) for account in accounts if account in rows)

    def breakdown(self, accounts: QuerySet[Any], *, on: dt.date) -> tuple[Share, ...]:
        """By the département of the main post and by corps; three statements, whatever the size."""
        agents = Agent.objects.filter(user_id__in=accounts)
        posts = Assignment.objects.filter(pk__in=_main_post(on).values("pk"), agent__in=agents)
        steps = CareerStep.objects.filter(pk__in=_current_step(on).values("pk"), agent__in=agents)
        labels, whole = {code: one.label for code, one in load_grids().corps.items()}, accounts.count()
        places = _shares("Département", posts, "establishment__departement", dict(settings.DEPARTEMENTS), whole)
        return (*places, *_shares("Corps", steps, "corps", labels, whole))

    def departements(self, accounts: QuerySet[Any], *, on: dt.date) -> dict[int, str]:
        posts = Assignment.objects.filter(pk__in=_main_post(on).values("pk"), agent__user__in=accounts)
        found = posts.values_list("agent__user_id", "establishment__departement")
        return {account: settings.DEPARTEMENTS.get(code, code) for account, code in found if account and code}

    def within_reach(self, *, by: User, on: dt.date, roles: Collection[str] | None = None) -> QuerySet[Any]:
        agents = visible_agents(by, on=on, roles=roles).filter(
            user__isnull=False
        )  # a NULL among them would hide who is not
        return agents.values("user_id")

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        grids = load_grids()
        grades = {code: grade.label for corps in grids.corps.values() for code, grade in corps.grades.items()}
        disciplines = (
            Assignment.objects.filter(cancelled=False)
            .exclude(discipline_code="")
            .order_by("discipline_code", "discipline")
            .values_list("discipline_code", "discipline")
            .distinct()
        )
        return {
            "corps": [(code, corps.label) for code, corps in grids.corps.items()],
            "grades": list(grades.items()),
            "departements": list(settings.DEPARTEMENTS.items()),
            "disciplines": list(dict(disciplines).items()),
        }

    def unknown(self, audience: Audience, *, by: User, on: dt.date) -> list[str]:
        uais = set(Establishment.objects.filter(uai__in=audience.uais).values_list("uai", flat=True))
        logins = set(
            _present(by, on).filter(user__username__in=audience.logins).values_list("user__username", flat=True)
        )
        return [uai for uai in audience.uais if uai not in uais] + [
            login for login in audience.logins if login not in logins
        ]


def _present(by: User, on: dt.date) -> QuerySet[Agent]:
    """Agents `by` may see, who have not left and whose account is open."""
    return visible_agents(by, on=on).filter(Q(left_on__isnull=True) | Q(left_on__gt=on), user__is_active=True)


def _current_step(on: dt.date) -> QuerySet[CareerStep]:
    """The step of each agent on a day."""
    steps = CareerStep.objects.filter(cancelled=False, effective_on__lte=on)
    return steps.order_by("agent_id", "-effective_on", "-seq").distinct("agent_id")


def _main_post(on: dt.date) -> QuerySet[Assignment]:
    """The largest post of each agent on a day."""
    return current_posts(on).order_by("agent_id", "-quotity", "-starts_on", "pk").distinct("agent_id")


def _shares(criterion: str, rows: QuerySet[Any], column: str, labels: dict[str, str], whole: int) -> tuple[Share, ...]:
    """Those without a row, or whose row says nothing, are counted last."""
    found = rows.order_by().values_list(column).annotate(count=Count("pk")).order_by("-count", column)
    counted = [(labels.get(code or "", code or ""), count) for code, count in found]
    shares = [Share(criterion, label, count) for label, count in counted if label]
    unknown = whole - sum(share.count for share in shares)
    return (*shares, Share(criterion, "non transmis", unknown)) if unknown else tuple(shares)


def _on_step(audience: Audience, on: dt.date) -> QuerySet[CareerStep]:
    steps = CareerStep.objects.filter(pk__in=_current_step(on).values("pk"))
    if audience.corps:
        steps = steps.filter(corps__in=audience.corps)
    if audience.grades:
        steps = steps.filter(grade__in=audience.grades)
    return steps.values("agent_id")  # type: ignore[return-value]


def _on_post(audience: Audience, on: dt.date) -> QuerySet[Assignment]:
    """One post that answers every criterion: « maths » and « Marne » is a post of maths in the Marne."""
    posts = current_posts(on).order_by()
    if audience.departements:
        posts = posts.filter(establishment__departement__in=audience.departements)
    if audience.uais:
        posts = posts.filter(uai__in=audience.uais)
    if audience.disciplines:
        posts = posts.filter(discipline_code__in=audience.disciplines)
    return posts.values("agent_id")  # type: ignore[return-value]


def _reached(agent: Any) -> Reached:
    """From a row of `with_step_and_posts`."""
    corps = load_grids().corps.get(agent.step_corps or "")
    posts = [place_of(post) for post in agent.posts]
    return Reached(
        agent.user_id, str(agent), corps.label if corps else agent.step_corps or "", posts[0].label if posts else ""
    )
