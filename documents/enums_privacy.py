from django.db import models


class DestructionCause(models.TextChoices):
    """Why documents were destroyed, as their certificate says."""

    RETENTION = "duree", "Durée de conservation atteinte"
    EARLY = "suppression-anticipee", "Suppression anticipée acceptée"


class PrivacyKind(models.TextChoices):
    """What a person asks of their data (RGPD art. 15 to 18, 21; requirement S90)."""

    ACCESS = "acces", "Accès : une question sur mes données"
    RECTIFICATION = "rectification", "Rectification d'une donnée"
    DELETION = "suppression", "Suppression anticipée de documents"
    RESTRICTION = "limitation", "Limitation d'un traitement"
    OPPOSITION = "opposition", "Opposition à un traitement"


class PrivacyState(models.TextChoices):
    OPEN = "deposee", "Déposée, réponse attendue"
    EXTENDED = "prolongee", "Délai prolongé"
    ACCEPTED = "acceptee", "Acceptée"
    PARTIAL = "acceptee-en-partie", "Acceptée en partie"
    REFUSED = "refusee", "Refusée"
    WITHDRAWN = "retiree", "Retirée par l'agent"


class ExportState(models.TextChoices):
    ASKED = "demande", "En attente de préparation"
    READY = "pret", "Prêt"
    FAILED = "echec", "Préparation impossible"
    EXPIRED = "expire", "Effacé au bout de sept jours"
