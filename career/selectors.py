"""Reads of a career: the frozen facts the rules and the pages see. A fixed number of queries whatever its length."""

import datetime as dt
from dataclasses import dataclass

from career.domain.pay import place
from career.domain.snapshot import CareerStepFact, Standing, standing
from career.enums import FactKind
from career.models import Agent, Assignment, CareerStep, Diploma, Evaluation, Training
from security.models import User


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One fact: its kind, day, title, and the source that sent it with the day of sending."""

    kind: str
    on: dt.date
    title: str
    source: str
    recorded_on: dt.date


def agent_of(user: User) -> Agent | None:
    return Agent.objects.filter(user=user).first()


def _fact(step: CareerStep) -> CareerStepFact:
    origin = f"Arrêté {step.arrete_ref} (SIAE)" if step.arrete_ref else "SIAE"
    return CareerStepFact(
        step.corps, step.grade, step.echelon, step.effective_on, step.chevron, step.kept_days, origin, step.recorded_at.date()
    )


def steps_of(agent: Agent) -> tuple[CareerStepFact, ...]:
    """Every step not rectified, in order of effect."""
    return tuple(_fact(s) for s in CareerStep.objects.filter(agent=agent, cancelled=False).order_by("effective_on", "pk"))


def standing_of(steps: tuple[CareerStepFact, ...], on: dt.date) -> Standing | None:
    return standing(steps, on)


def current_post(agent: Agent, on: dt.date) -> Assignment | None:
    posts = Assignment.objects.filter(agent=agent, cancelled=False, starts_on__lte=on).select_related("establishment")
    return posts.order_by("-starts_on", "-pk").first()


def history(agent: Agent, steps: tuple[CareerStepFact, ...]) -> list[HistoryEntry]:
    """Steps, posts, evaluations, diplomas and trainings, latest first."""
    entries = [HistoryEntry(FactKind.STEP.label, s.effective_on, place(s), s.origin, s.recorded_on or s.effective_on) for s in steps]
    for post in Assignment.objects.filter(agent=agent, cancelled=False).select_related("establishment"):
        where = post.establishment.name if post.establishment else post.uai
        title = f"{post.get_nature_display()} : {where}"
        entries.append(HistoryEntry(FactKind.ASSIGNMENT.label, post.starts_on, title, "SIAE", post.recorded_at.date()))
    for evaluation in Evaluation.objects.filter(agent=agent, cancelled=False):
        level = evaluation.get_appreciation_display() or "appréciation non transmise"
        title = f"{evaluation.get_kind_display()} : {level}"
        entries.append(HistoryEntry(FactKind.EVALUATION.label, evaluation.held_on, title, "SIAE", evaluation.recorded_at.date()))
    for diploma in Diploma.objects.filter(agent=agent, cancelled=False):
        entries.append(HistoryEntry(FactKind.DIPLOMA.label, diploma.awarded_on, diploma.label, "SIAE", diploma.recorded_at.date()))
    for training in Training.objects.filter(agent=agent, cancelled=False):
        source = training.get_origin_display()
        entries.append(HistoryEntry(FactKind.TRAINING.label, training.starts_on, training.label, source, training.recorded_at.date()))
    return sorted(entries, key=lambda entry: entry.on, reverse=True)
