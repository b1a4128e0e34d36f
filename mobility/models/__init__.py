from mobility.models.applications import SchemeApplication, SchemeEvent, SchemeOpinion, SchemePiece
from mobility.models.archive import BaremeVersion, RequestEvent
from mobility.models.campaigns import Campaign, CampaignMove
from mobility.models.contests import BaremePrint, Contest, LateChange
from mobility.models.exchanges import Exchange
from mobility.models.requests import ChosenPiece, Claims, MobilityRequest, Voeu
from mobility.models.results import Result, ResultBatch
from mobility.models.schemes import SchemeCampaign, SchemeCampaignMove, SchemeGuide
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
    "SchemeApplication",
    "SchemeCampaign",
    "SchemeCampaignMove",
    "SchemeEvent",
    "SchemeGuide",
    "SchemeOpinion",
    "SchemePiece",
    "Result",
    "ResultBatch",
    "Triage",
    "Voeu",
]
