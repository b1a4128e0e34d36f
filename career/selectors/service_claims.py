"""What sibling services are told of an agent: corps and establishment, and nothing more (security.idp)."""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser

from career.domain.snapshot import standing
from career.models import Agent
from career.selectors.situation import posts_on, step_fact, steps_of


def agent_claims(user: AbstractBaseUser, *, on: dt.date) -> dict[str, str]:
    """`corps` as the law files name it, `uai` of the post with the largest share; absent when unknown. Three queries."""
    agent = Agent.objects.filter(user_id=user.pk).first()
    if agent is None or (agent.left_on and agent.left_on <= on):
        return {}
    now = standing(tuple(step_fact(row) for row in steps_of(agent)), on)
    posts = posts_on(agent, on)
    found = {"corps": now.step.corps if now else "", "uai": posts[0].uai if posts else ""}
    return {name: value for name, value in found.items() if value}
