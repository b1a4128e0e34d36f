from mobility.models.archive import BaremeVersion, RequestEvent
from mobility.models.campaigns import Campaign, CampaignMove
from mobility.models.requests import ChosenPiece, Claims, MobilityRequest, Voeu

__all__ = [
    "BaremeVersion",
    "Campaign",
    "CampaignMove",
    "ChosenPiece",
    "Claims",
    "MobilityRequest",
    "RequestEvent",
    "Voeu",
]
