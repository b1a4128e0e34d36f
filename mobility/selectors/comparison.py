"""« Comparer les destinations »: points, pay, dates and procedure of each, for one file (requirement S10)."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from career.domain.pay_overseas import Place, find_place, overseas_gain_node
from career.domain.snapshot import CareerStepFact, standing
from career.models import Agent
from career.selectors.mobility_file import MobilityFile, mobility_file
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from mobility.domain.bareme import bareme
from mobility.domain.comparison import RULE, Destination, Zone, outside_node, points_node
from mobility.domain.facts import Degree, RequestFacts
from mobility.domain.results import Bareme
from mobility.domain.schemes import Scheme, schemes
from mobility.enums import Phase, RequestState
from mobility.models import Campaign, MobilityRequest, SchemeCampaign
from mobility.selectors.file import FileFacts, facts_from
from mobility.selectors.places import places
from mobility.selectors.schemes import label_of, latest_openings
from mobility.selectors.snapshot import claimed, session_of, situation_from

OVERSEAS = frozenset(
    {"971", "972", "973", "974", "976", "Guadeloupe", "Martinique", "Guyane", "La Réunion", "Réunion", "Mayotte"}
)
FAMILIES = {"outre_mer": Zone.COM, "etranger": Zone.ABROAD}
OUTSIDE = "On n'y va pas par le barème : la candidature suit la procédure du dispositif."
PROCEDURES = {Degree.SECOND: "Mouvement interacadémique", Degree.FIRST: "Mouvement interdépartemental"}
Opening = Campaign | SchemeCampaign | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`claimed`: computed with what one's last request claims, not with the file alone. `official` False: rules carried
    over from `rules_session`. `campaign` None: its dates are not published."""

    session: int
    degree: Degree
    destinations: tuple[Destination, ...]
    claimed: bool
    official: bool
    rules_session: int
    campaign: Campaign | None


def comparison(agent: Agent, *, on: dt.date, at: dt.datetime) -> Comparison:
    """Six queries."""
    file, session = mobility_file(agent, on=on), session_of(on)
    facts = facts_from(file, session=session, on=on)
    request = _last_request(agent)
    situation = claimed(facts, request.claims, deposit=on) if request else situation_from(facts)
    campaign = Campaign.objects.filter(degree=facts.degree, phase=Phase.INTER, session=session).first()
    asked = replace(situation, deposit=on)
    found = {place: _computed(RequestFacts(facts.degree, session, asked, (place,))) for place in places(facts.degree)}
    pay = _pay(file, on)
    rows = (
        *_movement(facts, found, campaign, pay),
        *_schemes(facts.degree, latest_openings(at), pay),
    )
    known = next((one for one in found.values() if one), None)
    return Comparison(
        session,
        facts.degree,
        rows,
        request is not None,
        known is None or known.official,
        known.rules_session if known else session,
        campaign,
    )


def _last_request(agent: Agent) -> MobilityRequest | None:
    """The request or the simulation changed last."""
    mine = MobilityRequest.objects.filter(owner=agent.user_id).exclude(state=RequestState.WITHDRAWN)
    return mine.select_related("claims").order_by("-changed_at").first()


def _computed(facts: RequestFacts) -> Bareme | None:
    """None without rules for the session."""
    try:
        return bareme(facts)
    except DomainError:
        return None


def _movement(
    file: FileFacts, found: Mapping[str, Bareme | None], campaign: Campaign | None, pay: Callable[[str], Node]
) -> Iterator[Destination]:
    for place, words in places(file.degree).items():
        zone = Zone.OVERSEAS if place in OVERSEAS else Zone.MAINLAND
        name = words.partition(" · ")[2] or words
        paid = pay(name if zone is Zone.OVERSEAS else "metropole")
        row = _destination(words, zone, points_node(words, found[place]), paid, campaign, PROCEDURES[file.degree])
        yield replace(row, own=place in (file.academie, file.departement))


def _schemes(
    degree: Degree, openings: Mapping[str, SchemeCampaign], pay: Callable[[str], Node]
) -> Iterator[Destination]:
    """Those that lead overseas out of the movement, or abroad."""
    for law in schemes().values():
        if law.family in FAMILIES and degree in law.degrees:
            yield _by_scheme(law, openings.get(law.code), pay)


def _by_scheme(law: Scheme, opening: SchemeCampaign | None, pay: Callable[[str], Node]) -> Destination:
    label = label_of(law)
    return _destination(
        label,
        FAMILIES[law.family],
        outside_node(label, OUTSIDE),
        pay(law.place or "etranger"),
        opening,
        label,
        law.code,
    )


def _destination(
    name: str, zone: Zone, points: Node, pay: Node, opening: Opening, procedure: str, scheme: str = ""
) -> Destination:
    opens, closes = (opening.opens_at, opening.closes_at) if opening else (None, None)
    return Destination(name, zone, points, pay, opens, closes, procedure, scheme)


def _pay(file: MobilityFile, on: dt.date) -> Callable[[str], Node]:
    """What the present step is paid more each month in a place, at full time; each place computed once."""
    now = standing(file.steps, on)
    known: dict[str, Node] = {}

    def paid(name: str) -> Node:
        if name not in known:
            known[name] = _gain(now.step if now else None, find_place(name), on)
        return known[name]

    return paid


def _gain(step: CareerStepFact | None, place: Place | None, on: dt.date) -> Node:
    label = f"Écart mensuel, {place.label}" if place else "Écart mensuel"
    if step is None:
        return Node(label, None, "", RULE, "", sentence="Votre dossier ne porte aucun échelon à cette date.")
    try:
        if place is None:
            raise DomainError("overseas_unpublished")
        return overseas_gain_node(step, place, on)
    except DomainError:
        told = "Le taux de ce lieu, ou la valeur de votre échelon, n'est pas dans les textes lus : non publié."
        return Node(label, None, "", RULE, "", sentence=told)
