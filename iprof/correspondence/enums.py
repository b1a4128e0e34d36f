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


class Pace(models.TextChoices):
    """When the mail of an alert leaves. The portal shows the alert at once, whatever the pace."""

    NOW = "immediat", "Tout de suite"
    DAILY = "jour", "Une fois par jour"
    WEEKLY = "semaine", "Une fois par semaine"
    NEVER = "jamais", "Pas de courriel"


class Channel(models.TextChoices):
    """Where an alert goes besides the academic mailbox."""

    PUSH = "push", "Notification sur un appareil"
    FORWARD = "avis", "Avis sans contenu à l'adresse de secours"


class CircularKind(models.TextChoices):
    CIRCULAR = "circulaire", "Circulaire"
    LETTER = "courrier", "Courrier individuel"


class CircularState(models.TextChoices):
    """A correspondence goes from one to the next; a change before it is sent brings it back to the first."""

    DRAFT = "brouillon", "Brouillon"
    SIMULATED = "simulee", "Simulée"
    APPROVED = "validee", "Validée par une seconde personne"
    RELEASED = "diffusee", "Diffusée"
    RECALLED = "rappelee", "Rappelée"
