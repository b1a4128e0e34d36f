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


class NewsState(models.TextChoices):
    """A news item is written, shown, then taken down; it may be shown again."""

    DRAFT = "brouillon", "Brouillon"
    PUBLISHED = "publie", "Publié"
    TAKEN_DOWN = "depublie", "Dépublié"


class NewsCategory(models.TextChoices):
    CAREER = "carriere", "Carrière"
    MOBILITY = "mobilite", "Mobilité"
    TRAINING = "formation", "Formation"
    PAY = "paie", "Rémunération"
    TOOLS = "outils", "Outils numériques"
    LIFE = "academie", "Vie de l'académie"


class HelpKind(models.TextChoices):
    QUESTION = "question", "Question"
    GUIDE = "guide", "Guide"


class HelpCategory(models.TextChoices):
    """In the order of the page."""

    SIGN_IN = "connexion", "Connexion et mot de passe"
    FILE = "dossier", "Mon dossier"
    PIECES = "pieces", "Pièces justificatives"
    MESSAGES = "messages", "Messages et alertes"
    DATA = "donnees", "Données personnelles"
    TOOLS = "outils", "Poste de travail et ENT"
    SUPPORT = "assistance", "Assistance"
