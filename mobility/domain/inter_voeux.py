"""The vœux of a request, and what refuses the whole of it."""

from collections import Counter
from collections.abc import Iterator

from mobility.domain.facts import Partner, RequestFacts, Situation
from mobility.domain.geography import Geography, geography
from mobility.domain.inter_frame import frame
from mobility.domain.refusals import refusal
from mobility.domain.results import Refusal

EX_TITULAIRE = "stagiaire_ex_titulaire"
STAGIAIRES = frozenset({"stagiaire", EX_TITULAIRE})


def named(voeux: tuple[str, ...]) -> tuple[str, ...]:
    """Vœux by the names of the geography; what is not found stays as written."""
    return tuple(geography().academie(voeu) or voeu for voeu in voeux)


def request_refusals(request: RequestFacts) -> tuple[Refusal, ...]:
    """Any of them refuses the whole request."""
    return (*_voeux(named(request.voeux)), *_confirmation(request.situation), *_partner(request))


def _voeux(voeux: tuple[str, ...]) -> Iterator[Refusal]:
    most = frame().counts["voeux_max"]
    if len(voeux) > most:
        yield refusal("trop_de_voeux", count=len(voeux), most=most)
        return
    yield from _places(voeux)
    if twice := [place for place, times in Counter(voeux).items() if times > 1]:
        yield refusal("voeu_en_double", place=" », « ".join(twice))


def _places(voeux: tuple[str, ...]) -> Iterator[Refusal]:
    geo = geography()
    for place in dict.fromkeys(voeux):
        if place not in geo.codes:
            yield _elsewhere(place, geo)


def _elsewhere(place: str, geo: Geography) -> Refusal:
    """What a place that is no académie is."""
    if geo.is_outside(place):
        return refusal("hors_mouvement_inter", place=place)
    if merged := geo.merged.get(place.strip().capitalize()):
        return refusal("academie_reunie", place=place, merged=merged)
    return refusal("lieu_inconnu", place=place)


def _confirmation(situation: Situation) -> Iterator[Refusal]:
    if not situation.confirmation_deposited:
        yield refusal("confirmation_absente")


def _partner(request: RequestFacts) -> Iterator[Refusal]:
    """A mutation simultanée: the same list in the same order, and statuses that go together."""
    partner = request.situation.simultanee
    if partner is None:
        return
    if partner.voeux and named(partner.voeux) != named(request.voeux):
        yield refusal("listes_differentes")
    if not may_pair(request.situation, partner):
        yield refusal("statuts_incompatibles")


def may_pair(situation: Situation, partner: Partner) -> bool:
    """Titulaire and stagiaire go together only when the stagiaire was titulaire of a corps of the ministry."""
    own = partner.own_kind or situation.status
    mine, theirs = own in STAGIAIRES, partner.kind in STAGIAIRES
    if not partner.kind or mine == theirs:
        return True
    if mine:
        return own == EX_TITULAIRE or bool(situation.ex_titulaire)
    return partner.kind == EX_TITULAIRE
