"""The life of an application to a specific scheme: one table of transitions (norms D17, D28)."""

from enum import StrEnum

from iprof.kernel.errors import DomainError
from mobility.domain.states import Actor


class SchemeState(StrEnum):
    DRAFT = "brouillon"
    SENT = "envoyee"
    ADVISED = "avis_rendus"
    FORWARDED = "transmise"
    ACCEPTED = "retenue"
    REFUSED = "non_retenue"
    WITHDRAWN = "retiree"


class SchemeAct(StrEnum):
    SEND = "envoyer"
    ADVISE = "donner_avis"
    LAST_ADVICE = "dernier_avis"
    FORWARD = "transmettre"
    ACCEPT = "retenir"
    REFUSE = "ne_pas_retenir"
    WITHDRAW = "retirer"
    REOPEN = "reprendre"


_S = SchemeState
_WAITING = (_S.SENT, _S.ADVISED, _S.FORWARDED)
# act: what is told, who does it, from which states, to which one (None: the state stays)
SCHEME_TRANSITIONS: dict[SchemeAct, tuple[str, Actor, tuple[SchemeState, ...], SchemeState | None]] = {
    SchemeAct.SEND: ("Candidature envoyée", Actor.AGENT, (_S.DRAFT,), _S.SENT),
    SchemeAct.ADVISE: ("Avis donné", Actor.STAFF, (_S.SENT,), None),
    SchemeAct.LAST_ADVICE: ("Dernier avis attendu donné", Actor.STAFF, (_S.SENT,), _S.ADVISED),
    SchemeAct.FORWARD: ("Transmise à l'autorité qui décide", Actor.STAFF, (_S.SENT, _S.ADVISED), _S.FORWARDED),
    SchemeAct.ACCEPT: ("Candidature retenue", Actor.STAFF, _WAITING, _S.ACCEPTED),
    SchemeAct.REFUSE: ("Candidature non retenue", Actor.STAFF, _WAITING, _S.REFUSED),
    SchemeAct.WITHDRAW: ("Candidature retirée", Actor.AGENT, (_S.DRAFT, *_WAITING), _S.WITHDRAWN),
    SchemeAct.REOPEN: ("Candidature reprise", Actor.AGENT, (_S.WITHDRAWN,), _S.DRAFT),
}  # fmt: skip
AFTER_OPINIONS = frozenset({SchemeAct.FORWARD, SchemeAct.ACCEPT, SchemeAct.REFUSE})  # not before the last opinion


def scheme_after(state: SchemeState, act: SchemeAct) -> SchemeState:
    """The state `act` leads to. Raises DomainError("scheme_transition") when it is not open from `state`.

    >>> scheme_after(SchemeState.DRAFT, SchemeAct.SEND)
    <SchemeState.SENT: 'envoyee'>
    """
    _, _, sources, target = SCHEME_TRANSITIONS[act]
    if state not in sources:
        raise DomainError("scheme_transition", state=state.value, act=act.value)
    return target or state


def scheme_may(state: SchemeState, act: SchemeAct) -> bool:
    return state in SCHEME_TRANSITIONS[act][2]
