from mobility.models.applications import SchemeApplication, SchemeEvent, SchemeOpinion, SchemePiece
from mobility.models.archive import BaremeVersion, RequestEvent
from mobility.models.campaigns import Campaign, CampaignMove
from mobility.models.contests import BaremePrint, Contest, LateChange
from mobility.models.requests import ChosenPiece, Claims, MobilityRequest, Voeu
from mobility.models.schemes import SchemeCampaign, SchemeCampaignMove, SchemeGuide

__all__ = [
    "BaremePrint",
    "BaremeVersion",
    "Campaign",
    "CampaignMove",
    "ChosenPiece",
    "Claims",
    "Contest",
    "LateChange",
    "MobilityRequest",
    "RequestEvent",
    "SchemeApplication",
    "SchemeCampaign",
    "SchemeCampaignMove",
    "SchemeEvent",
    "SchemeGuide",
    "SchemeOpinion",
    "SchemePiece",
    "Voeu",
]
