"""Codes of the feed and their French wording. The corps and grades themselves are dated law: see career/legal."""

from django.db import models


class Civilite(models.TextChoices):
    MME = "mme", "Mme"
    M = "m", "M."
    NONE = "", "Non précisée"


class StepMode(models.TextChoices):
    """Why the agent stands on this échelon."""

    RECRUITMENT = "recrutement", "Nomination"
    TITULARISATION = "titularisation", "Titularisation"
    SENIORITY = "anciennete", "Avancement à l'ancienneté"
    BONIFICATION = "bonification", "Avancement accéléré (bonification d'un an)"
    PROMOTION = "promotion", "Promotion de grade"
    RECLASSEMENT = "reclassement", "Reclassement"
    CORPS_CHANGE = "changement_corps", "Changement de corps"
    CONTRACT = "contrat", "Contrat"


class AssignmentNature(models.TextChoices):
    DEFINITIVE = "definitif", "Affectation à titre définitif"
    PROVISIONAL = "provisoire", "Affectation à titre provisoire"
    REPLACEMENT_ZONE = "zone_remplacement", "Zone de remplacement"
    ANNUAL = "afa", "Affectation à l'année"
    SHARED = "complement_service", "Complément de service"
    CONTRACT = "contrat", "Contrat"


class EvaluationKind(models.TextChoices):
    RDV_1 = "rdv_carriere_1", "Premier rendez-vous de carrière"
    RDV_2 = "rdv_carriere_2", "Deuxième rendez-vous de carrière"
    RDV_3 = "rdv_carriere_3", "Troisième rendez-vous de carrière"
    INSPECTION = "inspection", "Inspection"
    CAMPAIGN = "campagne", "Appréciation attribuée en campagne"


class Appreciation(models.TextChoices):
    TO_CONSOLIDATE = "A_consolider", "À consolider"
    SATISFACTORY = "Satisfaisant", "Satisfaisant"
    VERY_SATISFACTORY = "Tres_satisfaisant", "Très satisfaisant"
    EXCELLENT = "Excellent", "Excellent"


class TrainingOrigin(models.TextChoices):
    SCOLARITE_SERVICES = "scolarite_services", "Scolarité Services"
    PIX = "pix", "PIX"
    SIAE = "siae", "SIAE"


class UnionKind(models.TextChoices):
    NONE = "aucune", "Sans union déclarée"
    MARRIAGE = "mariage", "Mariage"
    PACS = "pacs", "PACS"


class LeaveReason(models.TextChoices):
    RETIREMENT = "retraite", "Retraite"
    TRANSFER = "mutation", "Mutation vers une autre académie"
    DETACHMENT = "detachement", "Détachement"
    RESIGNATION = "demission", "Démission"
    END_OF_CONTRACT = "fin_contrat", "Fin de contrat"
    DEATH = "deces", "Décès"


class FeedDoor(models.TextChoices):
    FILE = "fichier", "Fichier"
    API = "api", "API"
    REPLAY = "rejeu", "Rejeu"


class RunState(models.TextChoices):
    RUNNING = "en_cours", "En cours"
    DONE = "termine", "Terminé"
    FAILED = "interrompu", "Interrompu"


class QuarantineState(models.TextChoices):
    OPEN = "a_traiter", "À traiter"
    WAITING = "en_attente", "En attente de l'agent"
    REPLAYED = "rejoue", "Rejoué"
    DISMISSED = "ecarte", "Écarté"


class CorrectionState(models.TextChoices):
    OPEN = "deposee", "Déposée"
    IN_PROGRESS = "en_cours", "En cours d'examen"
    ACCEPTED = "acceptee", "Acceptée"
    REFUSED = "refusee", "Refusée"


class AppraisalAsk(models.TextChoices):
    """What an agent may ask about a rendez-vous de carrière."""

    EARLY = "anticipe", "Rendez-vous de carrière anticipé"
    OBSERVATIONS = "observations", "Observations sur le compte rendu"
    REVISION = "revision", "Révision de l'appréciation finale"


class FactKind(models.TextChoices):
    """Kinds of facts of the history page; also the filter of « Ma carrière »."""

    STEP = "echelon", "Échelons et grades"
    ASSIGNMENT = "affectation", "Affectations"
    EVALUATION = "evaluation", "Évaluations"
    DIPLOMA = "diplome", "Diplômes"
    TRAINING = "formation", "Formations"
    SERVICE = "service", "Services"
    ARRETE = "arrete", "Arrêtés"
    FAMILY = "famille", "Situation familiale"
    IDENTITY = "identite", "Identité et coordonnées"
