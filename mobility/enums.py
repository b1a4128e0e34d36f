"""Codes of the requests of mobility and their French wording."""

from django.db import models

from mobility.domain import contests, facts, states


class Degree(models.TextChoices):
    SECOND = facts.Degree.SECOND.value, "Second degré"
    FIRST = facts.Degree.FIRST.value, "Premier degré"


class Phase(models.TextChoices):
    INTER = "inter", "Mouvement interacadémique ou interdépartemental"
    INTRA = "intra", "Mouvement intra-académique"


class CampaignDate(models.TextChoices):
    """The dates of a campaign, in their order; each may be moved, with a reason."""

    OPENS = "opens_at", "Ouverture de la saisie"
    CLOSES = "closes_at", "Clôture de la saisie"
    PIECES = "pieces_until", "Dernier moment pour les pièces"
    SHOWN = "bareme_shown_at", "Affichage des barèmes"
    CONTEST = "contest_until", "Dernier moment pour contester"
    LATE = "late_until", "Dernier moment pour une demande tardive ou une annulation"
    RESULTS = "results_at", "Résultats"


class RequestState(models.TextChoices):
    """The states of `mobility.domain.states`, as stored. The four words of requirement S56 are verbatim."""

    DRAFT = states.State.DRAFT.value, "brouillon"
    SUBMITTED = states.State.SUBMITTED.value, "saisi"
    CONTROLLED = states.State.CONTROLLED.value, "contrôlé"
    STUDIED = states.State.STUDIED.value, "en cours d'étude"
    PUBLISHED = states.State.PUBLISHED.value, "résultat publié"
    WITHDRAWN = states.State.WITHDRAWN.value, "retiré"
    UNCONFIRMED = states.State.UNCONFIRMED.value, "non confirmé"


class Strategy(models.TextChoices):
    """The family strategy: one only (L. 512-19 CGFP)."""

    NONE = "", "Aucune priorité familiale"
    RC = "rc", "Rapprochement de conjoints"
    APC = "apc", "Autorité parentale conjointe"
    SIMULTANEE = "simultanee", "Mutation simultanée"


class Lien(models.TextChoices):
    NONE = "", "Non indiqué"
    MARIAGE = facts.Lien.MARIAGE.value, "Mariage"
    PACS = facts.Lien.PACS.value, "PACS"
    ENFANT = facts.Lien.ENFANT.value, "Enfant reconnu par les deux parents"


class Activity(models.TextChoices):
    """What the conjoint (or the other parent) does, and so what shows the place."""

    NONE = "", "Non indiquée"
    WORKING = "activite", "En activité sur place"
    TELEWORK = "teletravail", "En télétravail : lieu de télétravail demandé"
    UNEMPLOYED = "chomage", "Inscrit à France Travail après une activité"
    RESIDENCE = "residence_privee", "Rapprochement vers la résidence privée compatible avec l'activité"


class VersionCause(models.TextChoices):
    """Why a version of the barème was archived."""

    CONFIRMED = "confirmation", "Confirmation de la demande"
    CONTROLLED = "controle", "Contrôle par le service"
    CONTESTED = "contestation", "Suite donnée à une contestation"
    LATE = "tardive", "Modification tardive reconnue"
    DECIDED = "decision", "Barème arrêté"


class Ground(models.TextChoices):
    """What is contested of a line, as stored."""

    POINTS = contests.Ground.POINTS.value, "Le nombre de points est faux"
    MISSING = contests.Ground.MISSING.value, "Cette ligne manque"
    PIECE = contests.Ground.PIECE.value, "Une pièce n'a pas été comptée"


class AskState(models.TextChoices):
    """A contest or a late change, from its sending to its answer."""

    OPEN = "envoyee", "En cours d'examen"
    ACCEPTED = "acceptee", "Acceptée"
    REFUSED = "refusee", "Refusée"


class CheckLevel(models.IntegerChoices):
    """What the automatic checks of a request say together, in the order of the queue: the worst last."""

    FINE = 0, "Conforme"
    LOOK = 1, "À regarder"
    BLOCKED = 2, "Bloquant"


class Direction(models.TextChoices):
    """Which way a file of requests went between the portal and SIAM."""

    OUT = "export", "Export vers SIAM"
    IN = "import", "Import depuis SIAM"


class BatchState(models.TextChoices):
    """A file of results: nothing of it is shown to anybody before « publié », nor after « rappelé »."""

    IMPORTED = "importe", "À relire par une autre personne"
    RELEASED = "publie", "Publié"
    DISMISSED = "ecarte", "Écarté avant publication"
    RECALLED = "rappele", "Rappelé"


class Outcome(models.TextChoices):
    OBTAINED = "obtenu", "Vœu obtenu"
    EXTENSION = "extension", "Affectation en extension"
    SPECIFIC = "specifique", "Affectation sur poste spécifique"
    KEPT = "maintien", "Maintien sur le poste actuel"
    REFUSED = "non_satisfait", "Demande non satisfaite"
