"""Agents and the facts of their careers. Everybody here is fictional; no NUMEN is written down."""

import datetime
import uuid
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from career import enums, models
from tests.factories.accounts import UserFactory

UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def uai(number: int) -> str:
    """An UAI with its right check letter, from seven digits."""
    return f"{number:07d}{UAI_LETTERS[number % 23]}"


class EstablishmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Establishment
        django_get_or_create = ("uai",)

    uai = factory.Sequence(lambda n: uai(519_000 + n))
    name = factory.Sequence(lambda n: f"Collège des Trois-Fontaines {n}")
    sort_key = factory.LazyAttribute(lambda e: e.name.lower())
    kind = "Collège"
    postal_code, commune_code, commune = "51100", "51454", "Reims"
    departement, academie_code = "51", "19"


class AgentFactory(DjangoModelFactory):
    class Meta:
        model = models.Agent

    matricule = factory.Sequence(lambda n: f"A{n:07d}")
    user = factory.SubFactory(
        UserFactory, first_name=factory.SelfAttribute("..first_name"), last_name=factory.SelfAttribute("..last_name")
    )
    civilite = enums.Civilite.MME
    first_name, last_name = "Maëlle", "Durand"
    birth_name = "Lefort"
    sort_key = factory.LazyAttribute(lambda a: f"{a.last_name} {a.first_name}".lower())
    birth_date = datetime.date(1984, 5, 12)
    address, postal_code, commune = "3 rue des Tilleuls", "51100", "Reims"
    entered_on = datetime.date(2017, 9, 1)
    seq = factory.Sequence(lambda n: 1000 + n)
    event_id = factory.LazyFunction(uuid.uuid4)
    recorded_at = datetime.datetime(2026, 9, 1, 6, tzinfo=datetime.UTC)


class FactFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    agent = factory.SubFactory(AgentFactory)
    ref = factory.Sequence(lambda n: f"F{n:06d}")
    seq = factory.Sequence(lambda n: 5000 + n)
    event_id = factory.LazyFunction(uuid.uuid4)
    recorded_at = datetime.datetime(2026, 9, 2, 6, tzinfo=datetime.UTC)


class CareerStepFactory(FactFactory):
    class Meta:
        model = models.CareerStep

    corps, grade, echelon = "certifies", "classe_normale", 6
    effective_on = datetime.date(2025, 2, 10)
    mode = enums.StepMode.SENIORITY
    arrete_ref = "2025-AR-0042"


class AssignmentFactory(FactFactory):
    class Meta:
        model = models.Assignment

    establishment = factory.SubFactory(EstablishmentFactory)
    uai = factory.LazyAttribute(lambda a: a.establishment.uai if a.establishment else uai(519_999))
    nature = enums.AssignmentNature.DEFINITIVE
    discipline_code, discipline = "L1000", "Histoire-géographie"
    quotity = Decimal(100)
    starts_on = datetime.date(2021, 9, 1)


class EvaluationFactory(FactFactory):
    class Meta:
        model = models.Evaluation

    kind = enums.EvaluationKind.RDV_1
    held_on = datetime.date(2024, 3, 14)
    appreciation = enums.Appreciation.VERY_SATISFACTORY
    evaluator = "Inspecteur d'académie"


class DiplomaFactory(FactFactory):
    class Meta:
        model = models.Diploma

    label = "Master MEEF second degré"
    level = 7
    institution = "Université de Champagne"
    awarded_on = datetime.date(2016, 7, 1)


class TrainingFactory(FactFactory):
    class Meta:
        model = models.Training

    label = "Évaluer pour faire progresser"
    starts_on = ends_on = datetime.date(2025, 11, 18)
    hours = Decimal(6)
    competence = "Évaluer les progrès des élèves"
    origin = enums.TrainingOrigin.SCOLARITE_SERVICES


class ServicePeriodFactory(FactFactory):
    class Meta:
        model = models.ServicePeriod

    school_year = 2025
    hours_due = hours_done = Decimal(18)
    hsa = Decimal(1)
    validated_on = datetime.date(2025, 10, 15)


class ArreteFactory(FactFactory):
    class Meta:
        model = models.Arrete

    title = "Avancement d'échelon"
    signed_on = datetime.date(2025, 1, 20)
    published_on = datetime.date(2025, 1, 22)
    effective_on = datetime.date(2025, 2, 10)


class FamilySituationFactory(FactFactory):
    class Meta:
        model = models.FamilySituation

    effective_on = union_on = datetime.date(2019, 4, 27)
    union = enums.UnionKind.MARRIAGE
    conjoint_departement = "21"
    children_birthdates = factory.LazyFunction(lambda: [datetime.date(2020, 1, 9)])


class CorrectionRequestFactory(DjangoModelFactory):
    class Meta:
        model = models.CorrectionRequest

    agent = factory.SubFactory(AgentFactory)
    fact_kind = enums.FactKind.STEP
    fact_ref = factory.Sequence(lambda n: f"F{n:06d}")
    fact_label = "Passage au 6e échelon le 10 février 2025"
    message = "La date d'effet devrait être le 1er février 2025."
    due_on = datetime.date(2026, 12, 23)


class CvFactory(DjangoModelFactory):
    class Meta:
        model = models.Cv
        django_get_or_create = ("agent",)

    agent = factory.SubFactory(AgentFactory)
    updated_at = datetime.datetime(2026, 9, 3, 6, tzinfo=datetime.UTC)


class CvEntryFactory(DjangoModelFactory):
    class Meta:
        model = models.CvEntry

    cv = factory.SubFactory(CvFactory)
    section = "experiences"
    position = factory.Sequence(lambda n: n)
    title = "Libraire"
    starts, ends = "2008-09", "2012"
    text = "Librairie du Chat-Bleu, Reims."


class AppraisalRequestFactory(DjangoModelFactory):
    class Meta:
        model = models.AppraisalRequest

    agent = factory.SubFactory(AgentFactory)
    kind = enums.AppraisalAsk.EARLY
    subject = "Rendez-vous de carrière anticipé"
    message = "Je change de fonctions à la rentrée prochaine."


def full_career(**fields) -> models.Agent:
    """An agent with one fact of every kind."""
    agent = AgentFactory(**fields)
    for make in (
        CareerStepFactory,
        AssignmentFactory,
        EvaluationFactory,
        DiplomaFactory,
        TrainingFactory,
        ServicePeriodFactory,
        ArreteFactory,
        FamilySituationFactory,
    ):
        make(agent=agent)
    return agent
