"""The barème of a request as it stands, saved or just typed: what the sections show beside what is asked (S52, S53)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from iprof.kernel.errors import DomainError
from mobility.domain.bareme import bareme
from mobility.domain.facts import Degree, RequestFacts
from mobility.domain.results import REQUEST, Bareme, Refusal, VoeuBareme
from mobility.models import Claims, MobilityRequest
from mobility.selectors.file import FileFacts, file_facts
from mobility.selectors.places import place_words
from mobility.selectors.snapshot import claimed, session_of

NO_RULES = "Aucune règle n'est chargée pour cette session : le barème n'est pas calculé."


@dataclass(frozen=True, slots=True)
class Ranked:
    """A vœu asked, with its barème; None when the whole request is refused or has no rules."""

    rank: int
    place: str
    words: str
    bareme: VoeuBareme | None


@dataclass(frozen=True, slots=True)
class Live:
    """`found` None: no rules for the session, `problem` says so. `blocking`: refusals of the whole request."""

    degree: Degree
    session: int
    file: FileFacts
    facts: RequestFacts
    found: Bareme | None
    problem: str
    voeux: tuple[Ranked, ...]

    @property
    def official(self) -> bool:
        return self.found is None or self.found.official

    @property
    def blocking(self) -> tuple[Refusal, ...]:
        return tuple(one for one in self.found.refusals if one.scope == REQUEST) if self.found else ()

    @property
    def partial(self) -> tuple[Refusal, ...]:
        """What takes points away and leaves the request."""
        return tuple(one for one in self.found.refusals if one.scope != REQUEST) if self.found else ()


def session_asked(one: MobilityRequest, on: dt.date) -> int:
    return one.campaign.session if one.campaign else session_of(on)


def degree_asked(one: MobilityRequest, file: FileFacts) -> Degree:
    return Degree(one.campaign.degree) if one.campaign else file.degree


def voeux_of(one: MobilityRequest) -> tuple[str, ...]:
    return tuple(one.voeux.order_by("rank").values_list("place", flat=True))


def live(
    one: MobilityRequest,
    *,
    on: dt.date,
    file: FileFacts | None = None,
    claims: Claims | None = None,
    voeux: Sequence[str] | None = None,
) -> Live:
    """`claims` and `voeux`: what is typed and not saved, in the place of what is. Five queries at most."""
    session = session_asked(one, on)
    known = file or file_facts(one.owner, session=session, on=on)
    degree = degree_asked(one, known)
    asked = voeux_of(one) if voeux is None else tuple(voeux)
    facts = RequestFacts(degree, session, claimed(known, claims or one.claims, deposit=on), asked)
    found = computed(facts)
    by_rank = {voeu.rank: voeu for voeu in found.voeux} if found else {}
    rows = (Ranked(rank, place, place_words(degree, place), by_rank.get(rank)) for rank, place in enumerate(asked, 1))
    return Live(degree, session, known, facts, found, "" if found else NO_RULES, tuple(rows))


def computed(facts: RequestFacts) -> Bareme | None:
    """None for a session without rules."""
    try:
        return bareme(facts)
    except DomainError:
        return None
