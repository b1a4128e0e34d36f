"""Where a conjoint or another parent works, and the vœux their place gives points on."""

from dataclasses import dataclass

from mobility.domain.facts import Place
from mobility.domain.geography import geography


@dataclass(frozen=True, slots=True)
class Seat:
    """The académie the first vœu must be, and the département when told. `problem`: a refusal code, or empty."""

    academie: str
    departement: str
    problem: str = ""


def seat_of(place: Place) -> Seat:
    """The place as the movement sees it. Abroad, the French département nearest to a country with a land border."""
    geo = geography()
    if place.pays and place.pays.strip().lower() != "france":
        if not geo.is_border_country(place.pays):
            return Seat("", "", "pays_sans_frontiere_terrestre")
        near = geo.departement(place.departement_frontalier or place.departement)
        academie = geo.academie_of.get(near) or geo.academie(place.academie)
        return Seat(academie, near, "" if academie else "departement_frontalier_absent")
    departement = geo.departement(place.departement)
    return Seat(geo.academie(place.academie) or geo.academie_of.get(departement, ""), departement)


def perimeter(voeux: tuple[str, ...]) -> frozenset[str]:
    """The first vœu and the académies that touch it, among the vœux."""
    near = geography().near_academies[voeux[0]]
    return frozenset(voeu for voeu in voeux if voeu == voeux[0] or voeu in near)
