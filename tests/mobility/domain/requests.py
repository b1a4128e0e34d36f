"""Requests of the mouvement interacadémique, and what is read of their barème."""

import datetime as dt
from decimal import Decimal

from mobility.domain.bareme import bareme
from mobility.domain.facts import Degree, Lien, Place, Rapprochement, RequestFacts, Situation
from mobility.domain.results import Bareme

DAY = dt.date
DIJON = Place("Dijon", "21")
MARRIED_ON = DAY(2019, 4, 27)


def request(*voeux: str, session: int = 2026, **situation: object) -> RequestFacts:
    told = {"academie": "Reims", "departement": "10", "corps": "certifie", "echelon": 8} | situation
    return RequestFacts(Degree.SECOND, session, Situation(**told), voeux or ("Dijon", "Lyon", "Nice"))


def computed(*voeux: str, session: int = 2026, **situation: object) -> Bareme:
    return bareme(request(*voeux, session=session, **situation))


def rc(
    place: Place = DIJON, lien: Lien = Lien.MARIAGE, since: dt.date | None = MARRIED_ON, **more: object
) -> Rapprochement:
    return Rapprochement(place, lien, since, **more)


def lines(found: Bareme, voeu: int = 0) -> dict[str, Decimal]:
    return {line.item: line.points for line in found.voeux[voeu].lines}


def points(found: Bareme, item: str) -> list[Decimal | None]:
    """The points of an item on each vœu."""
    return [lines(found, rank).get(item) for rank in range(len(found.voeux))]


def codes(found: Bareme) -> list[tuple[str, str]]:
    return [(one.code, one.scope) for one in found.refusals]
