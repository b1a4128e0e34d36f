from django.db import models


class BulletinState(models.TextChoices):
    """A bulletin goes from one to the next; a change before publication brings it back to the first."""

    DRAFT = "brouillon", "Brouillon"
    REVIEWED = "relu", "Relu"
    PUBLISHED = "publie", "Publié"


class ReportState(models.TextChoices):
    NEW = "nouveau", "À examiner"
    KEPT = "retenu", "Retenu pour le bulletin"
    DISMISSED = "ecarte", "Écarté"
