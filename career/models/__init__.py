from career.models.agents import Agent, FamilySituation
from career.models.appraisals import AppraisalRequest
from career.models.corrections import CorrectionRequest
from career.models.cv import Cv, CvEntry, CvSection, HiddenFact
from career.models.establishments import AnnuaireImport, Establishment
from career.models.facts import Arrete, Assignment, CareerStep, Diploma, Evaluation, ServicePeriod, Training
from career.models.feed import FeedRun, InboxMessage, QuarantinedMessage
from career.models.scenarios import SavedScenario
from career.models.tombstones import Tombstone

__all__ = [
    "Agent",
    "AnnuaireImport",
    "AppraisalRequest",
    "Arrete",
    "Assignment",
    "CareerStep",
    "CorrectionRequest",
    "Cv",
    "CvEntry",
    "CvSection",
    "Diploma",
    "Establishment",
    "Evaluation",
    "FamilySituation",
    "FeedRun",
    "HiddenFact",
    "InboxMessage",
    "QuarantinedMessage",
    "SavedScenario",
    "ServicePeriod",
    "Tombstone",
    "Training",
]
