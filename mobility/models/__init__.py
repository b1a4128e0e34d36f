from mobility.models.archive import BaremeVersion, RequestEvent
from mobility.models.campaigns import Campaign, CampaignMove
from mobility.models.contests import BaremePrint, Contest, LateChange
from mobility.models.exchanges import Exchange
from mobility.models.requests import ChosenPiece, Claims, MobilityRequest, Voeu
from mobility.models.results import Result, ResultBatch
from mobility.models.triage import Triage

__all__ = [
    "BaremePrint",
    "BaremeVersion",
    "Campaign",
    "CampaignMove",
    "ChosenPiece",
    "Claims",
    "Contest",
    "LateChange",
    "Exchange",
    "MobilityRequest",
    "RequestEvent",
    "Result",
    "ResultBatch",
    "Triage",
    "Voeu",
]
