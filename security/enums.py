from django.db import models

from security.domain.audit import Verdict


class Role(models.TextChoices):
    """Who may do what (norms D16). Each role is a Django group of the same name, filled by `security.roles`."""

    TEACHER = "enseignant", "Enseignant"
    GESTIONNAIRE = "gestionnaire", "Gestionnaire DSDEN"
    HEAD = "chef-etablissement", "Chef d'établissement"
    DPO = "dpo", "Délégué à la protection des données"
    IT = "informatique", "Informatique"
    SUPPORT = "assistance", "Assistance aux agents"
    MEDICAL = "medical", "Service médical"
    SUPERADMIN = "superadmin", "Administrateur"


class ScopeKind(models.TextChoices):
    ACADEMIE = "academie", "Toute l'académie"
    DEPARTEMENT = "departement", "Département"
    ESTABLISHMENT = "etablissement", "Établissement"


class AccessKind(models.TextChoices):
    """What a line of the access journal tells."""

    FILE_READ = "dossier.lecture", "Consultation du dossier"
    FILE_EXPORT = "dossier.export", "Export du dossier"
    NUMEN_REVEALED = "numen.affichage", "Affichage du NUMEN"
    LETTER_PRINTED = "courrier.impression", "Impression du courrier de prise de fonction"
    ACCOUNT_ACTIVATED = "compte.activation", "Première connexion"
    ACTIVATION_REFUSED = "compte.activation-refusee", "Première connexion refusée"
    SIGNED_IN = "compte.connexion", "Connexion"
    SIGN_IN_FAILED = "compte.connexion-echouee", "Échec de connexion"
    SIGNED_OUT = "compte.deconnexion", "Déconnexion"
    PASSWORD_CHANGED = "compte.mot-de-passe", "Changement de mot de passe"
    REINFORCED = "compte.renforce", "Authentification renforcée activée"
    NOT_REINFORCED = "compte.renforce-retire", "Authentification renforcée désactivée"
    FACTOR_ADDED = "compte.facteur", "Second facteur ajouté"
    FACTOR_REMOVED = "compte.facteur-retire", "Second facteur retiré"
    RECOVERY_CODES = "compte.codes-secours", "Nouveaux codes de secours"
    SECOND_STEP_PASSED = "compte.seconde-etape", "Seconde étape réussie"
    SECOND_STEP_REFUSED = "compte.seconde-etape-refusee", "Échec de la seconde étape"
    BROWSER_TRUSTED = "compte.navigateur", "Navigateur de confiance enregistré"
    BROWSER_FORGOTTEN = "compte.navigateur-oublie", "Navigateur de confiance oublié"
    RECOVERY_ADDED = "compte.adresse-secours", "Adresse de secours enregistrée"
    RECOVERY_REMOVED = "compte.adresse-secours-retiree", "Adresse de secours retirée"
    ACCOUNT_MANAGED = "compte.gestion", "Intervention sur le compte"
    ACCESS_REFUSED = "acces.refuse", "Accès refusé"
    CORRECTION_OPENED = "rectification.demande", "Demande de rectification"
    CORRECTION_ANSWERED = "rectification.reponse", "Réponse à une demande de rectification"
    APPRAISAL_ASKED = "rendez-vous.demande", "Demande sur un rendez-vous de carrière"
    APPRAISAL_ANSWERED = "rendez-vous.reponse", "Réponse sur un rendez-vous de carrière"
    ACCOUNT_UNLOCKED = "compte.deblocage", "Déblocage de la connexion"
    ABROAD_ASKED = "etranger.demande", "Demande d'accès depuis l'étranger"
    ABROAD_DECIDED = "etranger.decision", "Décision sur un accès depuis l'étranger"
    BULLETIN_MANAGED = "bulletin.gestion", "Relecture, publication ou erratum d'un bulletin d'alerte"
    DEADLINE_MANAGED = "echeance.gestion", "Création, report ou annulation d'une échéance"
    INCIDENT_TOLD = "incident.gestion", "Incident annoncé, complété ou clos"
    CALENDAR_FEED = "agenda.adresse", "Adresse d'agenda créée ou retirée"
    MESSAGE_REPORTED = "message.signalement", "Signalement d'un message suspect"
    REPORTS_HANDLED = "message.examen", "Examen de messages suspects signalés"
    FEED_READ = "flux.lecture", "Lecture d'un message du flux"
    FEED_REPLAYED = "flux.rejeu", "Rejeu d'un message rejeté"
    FEED_DISMISSED = "flux.ecart", "Message rejeté écarté"
    SESSION_ENDED = "compte.session-fermee", "Connexion fermée à distance"
    SERVICE_GRANTED = "service.accord", "Service relié au compte"
    SERVICE_SIGNED_IN = "service.connexion", "Connexion à un service relié"
    SERVICE_WITHDRAWN = "service.retrait", "Service retiré du compte"
    SERVICE_MANAGED = "service.gestion", "Enregistrement d'un service relié"
    IMPERSONATION_BEGAN = "vue-agent.debut", "Portail consulté à votre place, en lecture seule"
    IMPERSONATION_PAGE = "vue-agent.page", "Page vue à la place de l'agent"
    IMPERSONATION_ENDED = "vue-agent.fin", "Fin de la consultation à la place de l'agent"
    SSO_ACCEPTED = "compte.connexion-tiers", "Identité reçue d'un autre service"
    SSO_LINKED = "compte.liaison", "Compte relié à un autre service"
    SSO_UNLINKED = "compte.liaison-retiree", "Liaison avec un autre service retirée"
    CONFIRMED = "compte.confirmation", "Identité confirmée avant un changement"
    FACTOR_RENAMED = "compte.cle-renommee", "Clé renommée"
    KEY_COPIED = "compte.cle-copiee", "Clé refusée : son compteur a reculé"
    LOSS_ASKED = "compte.facteur-perdu", "Perte d'un second facteur signalée"
    LOSS_DECIDED = "compte.facteur-perdu-decision", "Suite donnée à la perte d'un second facteur"
    CIRCULAR_MANAGED = "correspondance.gestion", "Simulation, validation, diffusion ou rappel d'une correspondance"
    CIRCULAR_FILE = "correspondance.piece", "Pièce jointe d'une correspondance téléchargée"
    THREAD_READ = "echange.lecture", "Lecture d'un échange avec l'administration"
    THREAD_HANDLED = "echange.traitement", "Suite donnée à un échange"
    NEWS_MANAGED = "actualite.gestion", "Relecture, publication ou retrait d'une actualité"
    HELP_MANAGED = "aide.gestion", "Modification d'un article d'aide"
    DOCUMENT_READ = "piece.lecture", "Document lu"
    DOCUMENT_DEPOSITED = "piece.depot", "Document déposé"
    DOCUMENT_SENT = "piece.envoi", "Pièces transmises à un service"
    DOCUMENT_REVIEWED = "piece.verification", "Pièce vérifiée par le service"
    DOCUMENTS_COPIED = "piece.copie", "Copie hors ligne de ses documents"
    DOCUMENT_DESTROYED = "piece.destruction", "Document détruit"
    HOLD_MANAGED = "piece.suspension", "Suspension de destruction posée ou levée"
    PRIVACY_ASKED = "donnees.demande", "Demande sur des données personnelles"
    PRIVACY_ANSWERED = "donnees.reponse", "Suite donnée à une demande sur des données personnelles"
    DATA_COPIED = "donnees.copie", "Copie de ses données demandée ou téléchargée"
    PRIVACY_AUDITED = "donnees.audit", "Rapport d'audit de protection des données établi"
    DESTRUCTION_CERTIFIED = "piece.certificat", "Certificat de destruction établi"
    MOBILITY_SENT = "mobilite.confirmation", "Demande de mutation confirmée"
    MOBILITY_CHANGED = "mobilite.suite", "Demande de mutation reprise, retirée, contestée ou modifiée"
    MOBILITY_READ = "mobilite.lecture", "Demande de mutation consultée"
    MOBILITY_DECIDED = "mobilite.decision", "Barème contrôlé ou arrêté, suite donnée à une contestation"
    MOBILITY_MANAGED = "mobilite.gestion", "Campagne de mobilité créée, déplacée ou publiée"
    MOBILITY_EXCHANGED = "mobilite.echange", "Échange de demandes de mutation avec SIAM"
    JOURNAL_PURGED = "journal.purge", "Traces arrivées au terme de leur durée"


class TriedWith(models.TextChoices):
    """What a failed try was made with, in the `detail` of its line. Shown to the owner alone, never to who tries."""

    PASSWORD = "mot-de-passe", "Mot de passe"
    CONFIRMATION = "confirmation", "Mot de passe ou facteur, pour confirmer une action"
    PASSKEY = "cle-seule", "Clé d'accès, sans mot de passe"
    MAIL_CODE = "code-courriel", "Code par courriel, après le bon mot de passe"
    FACTOR_CODE = "code-facteur", "Application ou code de secours, après le bon mot de passe"
    KEY = "cle", "Clé, après le bon mot de passe"
    LOSS_CODE = "code-perte", "Code par courriel, pour signaler un facteur perdu"
    SECOND_STEP = "seconde-etape", "Seconde étape, après le bon mot de passe"  # lines older than the four above


class AuditVerdict(models.TextChoices):
    """The verdicts of `security.domain.audit` as stored."""

    MET = Verdict.MET.value, "Atteint"
    PHRASE = Verdict.PHRASE.value, "Atteint par une phrase longue"
    IMPROVE = Verdict.IMPROVE.value, "À améliorer"
    UNKNOWN = Verdict.UNKNOWN.value, "Non évalué"


class AccountChange(models.TextChoices):
    """A change of an account its owner is warned of, in the academic mailbox (norm D08)."""

    ACTIVATED = "activation", "Votre compte vient d'être ouvert"
    PASSWORD_CHANGED = "mot-de-passe", "Votre mot de passe a été changé"
    RECOVERY_ADDED = "adresse-secours", "Une adresse de secours a été enregistrée"
    UNLOCKED = "deblocage", "Votre connexion a été débloquée"
    ABROAD_ASKED = "etranger-demande", "Un accès depuis l'étranger a été demandé"
    ABROAD_GRANTED = "etranger-accorde", "Votre accès depuis l'étranger est ouvert"
    ABROAD_REFUSED = "etranger-refuse", "Votre accès depuis l'étranger est refusé"
    ABROAD_WITHDRAWN = "etranger-retire", "Votre accès depuis l'étranger est fermé"
    RECOVERY_REMOVED = "adresse-secours-retiree", "Votre adresse de secours a été retirée"
    REINFORCED = "renforce", "L'authentification renforcée est activée"
    NOT_REINFORCED = "renforce-retire", "L'authentification renforcée est désactivée"
    FACTOR_ADDED = "facteur", "Un second facteur a été ajouté"
    FACTOR_REMOVED = "facteur-retire", "Un second facteur a été retiré"
    RECOVERY_CODES = "codes-secours", "De nouveaux codes de secours ont été créés"
    RECOVERY_CODE_USED = "code-secours-utilise", "Un code de secours a servi"
    IMPERSONATED = "vue-agent", "Le portail est consulté à votre place"
    SSO_LINKED = "liaison", "Votre compte est relié à un autre service"
    SSO_UNLINKED = "liaison-retiree", "Votre compte n'est plus relié à un autre service"
    KEY_COPIED = "cle-copiee", "Une de vos clés a peut-être été copiée"
    LOSS_ASKED = "facteur-perdu", "La perte de votre second facteur a été signalée"
    LOSS_ACCEPTED = "facteur-perdu-accord", "Vos seconds facteurs vont être retirés"
    LOSS_REFUSED = "facteur-perdu-refus", "La demande sur votre second facteur est refusée"
    LOSS_CANCELLED = "facteur-perdu-annulation", "La demande sur votre second facteur est annulée"
    LOSS_DONE = "facteur-perdu-fin", "Vos seconds facteurs ont été retirés"
    SESSIONS_ENDED = "connexions-fermees", "Toutes vos connexions ont été fermées"
    PASSWORD_OLD = "mot-de-passe-ancien", "Votre mot de passe a douze mois"
    SERVICE_GRANTED = "service-relie", "Un service a été relié à votre compte"
    PASSWORD_EXPIRED = "mot-de-passe-a-changer", "Votre mot de passe d'administration est à changer"


class AbroadState(models.TextChoices):
    ASKED = "demande", "Demandé"
    GRANTED = "accorde", "Accordé"
    REFUSED = "refuse", "Refusé"
    WITHDRAWN = "retire", "Retiré"


class ImpersonationMotive(models.TextChoices):
    """Why staff look at the portal in the place of an agent."""

    HELP = "assistance", "Demande d'assistance de l'agent"
    DISPLAY = "affichage", "Anomalie d'affichage signalée"
    CHECK = "verification", "Vérification après une rectification"


class ImpersonationEnd(models.TextChoices):
    """What ended it."""

    ASKED = "bouton", "Terminée par son auteur"
    EXPIRED = "echeance", "Terminée au bout du temps prévu"
    SIGNED_OUT = "deconnexion", "Terminée par la déconnexion de son auteur"
    WITHDRAWN = "retrait", "Terminée par le retrait d'un droit ou la fermeture d'un compte"
    REPLACED = "remplacement", "Terminée par une autre consultation du même auteur"


class LossState(models.TextChoices):
    """A lost factor: asked; for staff checked by one person then approved by another; done, refused or cancelled."""

    ASKED = "demande", "À vérifier"
    CHECKED = "verifie", "Identité vérifiée, second accord attendu"
    APPROVED = "accorde", "Accordée, effet différé"
    DONE = "fait", "Facteurs retirés"
    REFUSED = "refuse", "Refusée"
    CANCELLED = "annule", "Annulée par la personne"
