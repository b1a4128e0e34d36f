from django.db import models

from documents.domain import verdicts
from documents.domain.verdicts import Outcome


class DocumentState(models.TextChoices):
    """Where the file is. Only KEPT documents can be joined to a procedure, shown or downloaded by staff."""

    CHECKING = "controle", "En cours de contrôle"
    CONSENT = "accord", "Votre accord est attendu"
    REFUSED = "refuse", "Refusé aux contrôles"
    KEPT = "depose", "Déposé"
    DESTROYED = "detruit", "Détruit"


class ReadAs(models.TextChoices):
    """How a document was opened, in the trace its owner reads."""

    PREVIEW = "apercu", "aperçu des pages"
    COPY = "copie", "copie marquée téléchargée"
    ORIGINAL = "original", "téléchargé"


class ReviewState(models.TextChoices):
    """What the service that received the document says of it."""

    NONE = "non-transmis", "Non transmis"
    WAITING = "a-verifier", "À vérifier par le service"
    SECOND = "second-regard", "Second regard attendu"
    ACCEPTED = "accepte", "Accepté par le service"
    REFUSED = "refuse", "Refusé par le service"


class SubmissionState(models.TextChoices):
    """Pieces sent to a service for a procedure."""

    SENT = "transmis", "Transmis, à vérifier"
    INCOMPLETE = "a-completer", "À compléter"
    COMPLETE = "complet", "Complet"
    WITHDRAWN = "retire", "Retiré par l'agent"


class VerdictOutcome(models.TextChoices):
    """The outcomes of `documents.domain.verdicts` as stored."""

    PASSED = Outcome.PASSED.value, "Conforme"
    WARNED = Outcome.WARNED.value, "À vérifier"
    CONSENT = Outcome.CONSENT.value, "Accord attendu"
    REFUSED = Outcome.REFUSED.value, "Refusé"
    HELD = Outcome.HELD.value, "En attente"


class CheckName(models.TextChoices):
    """The checks of `documents.domain.verdicts` as stored."""

    WEIGHT = verdicts.Check.WEIGHT.value, "Poids"
    TYPE = verdicts.Check.TYPE.value, "Type de fichier"
    READABLE = verdicts.Check.READABLE.value, "Lecture du fichier"
    LOCK = verdicts.Check.LOCK.value, "Protection"
    ACTIVE = verdicts.Check.ACTIVE.value, "Contenu actif"
    PAGES = verdicts.Check.PAGES.value, "Nombre de pages"
    DUPLICATE = verdicts.Check.DUPLICATE.value, "Doublon"
    TITLE = verdicts.Check.TITLE.value, "Titre"
    DATE = verdicts.Check.DATE.value, "Date du document"
    BLANK = verdicts.Check.BLANK.value, "Pages blanches"
    SHARPNESS = verdicts.Check.SHARPNESS.value, "Netteté"
    LETTERHEAD = verdicts.Check.LETTERHEAD.value, "En-tête lisible"
    VIRUS = verdicts.Check.VIRUS.value, "Antivirus"


class ReceiptKind(models.TextChoices):
    """What a receipt proves; the page that checks a code tells this, and nothing else of the person."""

    PIECES = "pieces", "Récépissé de pièces transmises"
    CONFIRMATION = "confirmation", "Accusé de réception d'une demande de mutation"
    WITHDRAWAL = "retrait", "Accusé de réception d'un retrait de demande"
    CONTEST = "contestation", "Accusé de réception d'une contestation de barème"
    LATE = "tardive", "Accusé de réception d'une demande tardive"
    SCHEME = "dispositif", "Accusé de réception d'une candidature"
