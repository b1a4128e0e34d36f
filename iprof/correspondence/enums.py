from django.db import models

from iprof.correspondence.domain.thread_states import State
from iprof.correspondence.domain.ticket_priority import Priority, TicketType


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


class ThreadKind(models.TextChoices):
    DIALOGUE = "echange", "Échange avec le gestionnaire"
    SUPPORT = "support", "Demande d'assistance"


class ThreadState(models.TextChoices):
    """The states of `iprof.correspondence.domain.thread_states` as stored."""

    SENT = State.SENT.value, "Envoyé"
    TAKEN = State.TAKEN.value, "Pris en charge"
    ANSWERED = State.ANSWERED.value, "Répondu"
    CLOSED = State.CLOSED.value, "Clos"


class TicketKind(models.TextChoices):
    SIGN_IN = TicketType.SIGN_IN.value, "Connexion au portail"
    UPLOAD = TicketType.UPLOAD.value, "Dépôt d'une pièce"
    DISPLAY = TicketType.DISPLAY.value, "Affichage d'une page"
    WRONG_DATA = TicketType.WRONG_DATA.value, "Donnée erronée"
    OTHER = TicketType.OTHER.value, "Autre problème"


class TicketPriority(models.TextChoices):
    HIGH = Priority.HIGH.value, "Haute"
    NORMAL = Priority.NORMAL.value, "Normale"
    LOW = Priority.LOW.value, "Basse"


class Satisfaction(models.TextChoices):
    """What the person says when the ticket is closed."""

    YES = "oui", "Oui, le problème est résolu"
    PARTLY = "en_partie", "En partie"
    NO = "non", "Non, le problème demeure"


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
