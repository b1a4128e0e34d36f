"""The file of an agent as a request of mobility sees it, each fact with where it comes from (requirement S52)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from career.domain.snapshot import CareerStepFact, standing
from career.selectors.agents import agent_of
from career.selectors.mobility_file import FamilyHeld, MobilityFile, PostHeld, mobility_file
from iprof.kernel.explain import Input
from iprof.kernel.periods import months_between
from mobility.domain.facts import Degree
from security.models import User

CORPS = {
    "certifies": "certifie", "agreges": "agrege", "plp": "plp", "peps": "peps", "cpe": "cpe", "psyen": "psyen",
    "pe": "pe", "instituteurs": "instituteur", "chaires_superieures": "chaire_superieure",
}  # fmt: skip
CLASSES = {"classe_normale": "normale", "hors_classe": "hors_classe", "classe_exceptionnelle": "exceptionnelle"}
FIRST_DEGREE = frozenset({"pe", "instituteur"})
MONTHS = 12


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the file tells for the session N; empty or None: it does not. Years are whole, at 31 August N.

    `inputs` gives the origin of each fact, by the name of the field.
    """

    corps: str
    classe: str
    echelon_history: Mapping[dt.date, int]
    echelon_years: int | None
    academie: str
    departement: str
    poste_years: int | None
    months_in_departement: int | None
    rep_years: int
    rep_plus_years: int
    family: FamilyHeld | None
    birth_date: dt.date | None
    inputs: Mapping[str, Input]

    @property
    def degree(self) -> Degree:
        return Degree.FIRST if self.corps in FIRST_DEGREE else Degree.SECOND


EMPTY = FileFacts("", "", {}, None, "", "", None, None, 0, 0, None, None, {})


def file_facts(user: User, *, session: int, on: dt.date) -> FileFacts:
    """What the file of `user` tells for the session; EMPTY for an account without file. Four queries."""
    agent = agent_of(user)
    return facts_from(mobility_file(agent, on=on), session=session, on=on) if agent else EMPTY


def facts_from(file: MobilityFile, *, session: int, on: dt.date) -> FileFacts:
    """The same from a file already read."""
    now = standing(file.steps, on)
    step = now.step if now else None
    post = _post_on(file.posts, on)
    rentree, anchor = dt.date(session, 9, 1), dt.date(session - 1, 8, 31)
    held = months_between(post.starts_on, rentree) // MONTHS if post and post.starts_on <= rentree else None
    network = post.network if post else ""
    return FileFacts(
        corps=CORPS.get(step.corps, "") if step else "",
        classe=CLASSES.get(step.grade, "") if step else "",
        echelon_history=_echelons(file.steps, step),
        echelon_years=_years_in_echelon(file.steps, anchor),
        academie=post.academie if post else "",
        departement=post.departement if post else "",
        poste_years=held,
        months_in_departement=_months_there(file.posts, post, rentree),
        rep_years=(held or 0) if network == "REP" else 0,
        rep_plus_years=(held or 0) if network == "REP+" else 0,
        family=file.family,
        birth_date=file.birth_date,
        inputs=_inputs(file, step, post),
    )


def _post_on(posts: tuple[PostHeld, ...], on: dt.date) -> PostHeld | None:
    """The post held on a day, the oldest definitive one first: a complement of service does not hide it."""
    here = [one for one in posts if one.starts_on <= on and (one.ends_on is None or one.ends_on >= on)]
    return min(here, key=lambda one: (one.provisional, one.starts_on), default=None)


def _echelons(steps: tuple[CareerStepFact, ...], now: CareerStepFact | None) -> dict[dt.date, int]:
    """The échelons of the present grade by first day: another grade counts otherwise."""
    if now is None:
        return {}
    same = [one for one in steps if (one.corps, one.grade) == (now.corps, now.grade) and one.echelon is not None]
    return {one.effective_on: one.echelon for one in sorted(same, key=lambda one: one.effective_on) if one.echelon}


def _years_in_echelon(steps: tuple[CareerStepFact, ...], anchor: dt.date) -> int | None:
    then = standing(steps, anchor)
    return months_between(then.echelon_start, anchor + dt.timedelta(1)) // MONTHS if then else None


def _months_there(posts: tuple[PostHeld, ...], post: PostHeld | None, until: dt.date) -> int | None:
    """Months of continuous posts in the département of the present one, up to `until`."""
    if post is None or not post.departement:
        return None
    start = post.starts_on
    for one in sorted(posts, key=lambda one: one.starts_on, reverse=True):
        touches = one.ends_on is None or one.ends_on >= start - dt.timedelta(1)
        if one.departement == post.departement and one.starts_on < start and touches:
            start = one.starts_on
    return months_between(start, until) if start <= until else None


def _inputs(file: MobilityFile, step: CareerStepFact | None, post: PostHeld | None) -> dict[str, Input]:
    found = {}
    if step:
        found["echelon"] = Input("Échelon", step.echelon, step.origin or file.origin, step.recorded_on)
    if post:
        found["poste"] = Input("Affectation depuis le", post.starts_on, file.origin, post.recorded_on)
        found["academie"] = Input("Académie d'affectation", post.academie, file.origin, post.recorded_on)
    if file.family:
        found["family"] = Input("Situation familiale", file.family.union, file.origin, file.family.recorded_on)
    return found
