"""The life of a request of mobility: one table of transitions, from which the code and the diagram both come (S56, D17).

brouillon → saisi (bleu) → contrôlé (vert) → en cours d'étude (orange) → résultat publié (violet).
"""

from dataclasses import dataclass
from enum import StrEnum

from iprof.kernel.errors import DomainError


class State(StrEnum):
    DRAFT = "brouillon"
    SUBMITTED = "saisi"
    CONTROLLED = "controle"
    STUDIED = "etude"
    PUBLISHED = "publie"
    WITHDRAWN = "retire"
    UNCONFIRMED = "non_confirme"


class Actor(StrEnum):
    AGENT = "agent"
    STAFF = "gestionnaire"  # a named person (D28)
    CLOCK = "échéance"  # the end of the campaign


class Act(StrEnum):
    CONFIRM = "confirmer"
    AMEND = "modifier"
    CONTROL = "controler"
    RETURN = "renvoyer"
    CONTEST = "contester"
    CORRECT = "corriger"
    STUDY = "etudier"
    LATE_CHANGE = "modifier_tardivement"
    PUBLISH = "publier"
    RECALL = "rappeler"
    WITHDRAW = "retirer"
    REOPEN = "reprendre"
    EXPIRE = "echoir"


@dataclass(frozen=True, slots=True)
class Transition:
    """From one of `sources`, `act` by `actor` leads to `target` (None: the state stays)."""

    act: Act
    label: str
    actor: Actor
    sources: tuple[State, ...]
    target: State | None


_OPEN = (State.SUBMITTED, State.CONTROLLED, State.STUDIED)
TRANSITIONS: tuple[Transition, ...] = (
    Transition(Act.CONFIRM, "Confirme sa demande", Actor.AGENT, (State.DRAFT,), State.SUBMITTED),
    Transition(Act.AMEND, "Reprend sa demande tant que la saisie est ouverte", Actor.AGENT, (State.SUBMITTED,), State.DRAFT),
    Transition(Act.EXPIRE, "N'est pas confirmée à la clôture", Actor.CLOCK, (State.DRAFT,), State.UNCONFIRMED),
    Transition(Act.REOPEN, "Reprend une demande retirée ou non confirmée, saisie encore ouverte", Actor.AGENT,
               (State.WITHDRAWN, State.UNCONFIRMED), State.DRAFT),
    Transition(Act.CONTROL, "Contrôle le barème", Actor.STAFF, (State.SUBMITTED,), State.CONTROLLED),
    Transition(Act.RETURN, "Demande une pièce ou une précision", Actor.STAFF, (State.SUBMITTED, State.CONTROLLED),
               State.SUBMITTED),
    Transition(Act.CONTEST, "Conteste une ligne du barème", Actor.AGENT, (State.CONTROLLED,), None),
    Transition(Act.CORRECT, "Répond à une contestation", Actor.STAFF, (State.CONTROLLED,), None),
    Transition(Act.STUDY, "Arrête le barème", Actor.STAFF, (State.CONTROLLED,), State.STUDIED),
    Transition(Act.LATE_CHANGE, "Admet un changement après la clôture, pour un motif reconnu", Actor.STAFF,
               (*_OPEN, State.UNCONFIRMED), State.SUBMITTED),
    Transition(Act.PUBLISH, "Publie le résultat", Actor.STAFF, (State.STUDIED,), State.PUBLISHED),
    Transition(Act.RECALL, "Rappelle un résultat publié à tort", Actor.STAFF, (State.PUBLISHED,), State.STUDIED),
    Transition(Act.WITHDRAW, "Retire sa demande", Actor.AGENT, (State.DRAFT, *_OPEN), State.WITHDRAWN),
)  # fmt: skip
BY_ACT = {one.act: one for one in TRANSITIONS}


def after(state: State, act: Act) -> State:
    """The state `act` leads to. Raises DomainError("request_transition") when it is not open from `state`.

    >>> after(State.DRAFT, Act.CONFIRM)
    <State.SUBMITTED: 'saisi'>
    """
    found = BY_ACT[act]
    if state not in found.sources:
        raise DomainError("request_transition", state=state.value, act=act.value)
    return found.target or state


def may(state: State, act: Act) -> bool:
    return state in BY_ACT[act].sources


def diagram() -> str:
    """The table as a Mermaid state diagram; docs/mobility_states.md holds it, a test compares."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT.value}"]
    for one in TRANSITIONS:
        for source in one.sources:
            target = one.target or source
            lines.append(f"    {source.value} --> {target.value} : {one.label} ({one.actor.value})")
    return "\n".join([*lines, f"    {State.PUBLISHED.value} --> [*]"])


def document() -> str:
    """docs/mobility_states.md, whole: the diagram, then the table."""
    rows = [
        f"| {one.act.value} | {one.label} | {one.actor.value} | {', '.join(source.value for source in one.sources)} | "
        f"{one.target.value if one.target else 'unchanged'} |"
        for one in TRANSITIONS
    ]
    return "\n".join(
        [
            "# The life of a request of mobility",
            "",
            "Written by `manage.py mobility_states` from `mobility.domain.states`; a test compares. Each step writes one event,",
            "one line of the journal and one alert to the owner (`mobility.services.told`).",
            "",
            "```mermaid",
            diagram(),
            "```",
            "",
            "| Act | What it is | Who | From | To |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )
