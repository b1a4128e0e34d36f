"""The order and the zone of « Comparer les destinations », in the address."""

from collections.abc import Mapping

from django import forms

from career.forms import FilterForm
from mobility.domain.comparison import Order, Zone

ALL = "tout"
ORDERS = [
    (Order.POINTS, "Barème, du plus haut au plus bas"),
    (Order.PAY, "Écart de traitement, du plus haut au plus bas"),
    (Order.CLOSING, "Clôture la plus proche"),
    (Order.NAME, "Nom"),
]
ZONES = [
    (ALL, "Toutes"),
    (Zone.MAINLAND, "Métropole"),
    (Zone.OVERSEAS, "Départements d'outre-mer"),
    (Zone.COM, "Collectivités d'outre-mer"),
    (Zone.ABROAD, "Étranger"),
]


class DestinationsForm(FilterForm):
    """A wrong filter leaves the other at work."""

    tri = forms.ChoiceField(
        label="Ranger par",
        choices=ORDERS,
        error_messages={"invalid_choice": "Cet ordre n'existe pas. Choisissez-en un dans la liste."},
    )
    zone = forms.ChoiceField(
        label="Destinations",
        choices=ZONES,
        error_messages={"invalid_choice": "Cette zone n'existe pas. Choisissez-en une dans la liste."},
    )

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__({"tri": query.get("tri") or Order.POINTS, "zone": query.get("zone") or ALL})

    @property
    def order(self) -> Order:
        """After validation, as below."""
        return Order(self.cleaned_data.get("tri", Order.POINTS))

    @property
    def kept_zone(self) -> Zone | None:
        return Zone(found) if (found := self.kept("zone")) else None
