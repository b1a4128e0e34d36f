"""Changes of an account become alerts, in the transaction that makes them (norm D08: the owner is told)."""

from django.dispatch import receiver
from django.urls import reverse

from iprof.correspondence.services.alerts import send_alert
from security.enums import AccountChange
from security.models import User
from security.signals import account_changed

NOT_YOU = "Si vous n'êtes pas à l'origine de ce changement, choisissez aussitôt un nouveau mot de passe et prévenez l'assistance."
BODIES = {
    AccountChange.ACTIVATED: "La première connexion à votre compte vient d'avoir lieu. " + NOT_YOU,
    AccountChange.PASSWORD_CHANGED: "Le mot de passe de votre compte vient d'être changé. " + NOT_YOU,
    AccountChange.RECOVERY_ADDED: "Une adresse de secours vient d'être confirmée pour votre compte. " + NOT_YOU,
    AccountChange.UNLOCKED: "Les attentes dues aux essais manqués sont levées pour votre compte. " + NOT_YOU,
    AccountChange.ABROAD_ASKED: "Quelqu'un qui connaît votre mot de passe demande à se connecter depuis l'étranger. "
    + NOT_YOU,
    AccountChange.ABROAD_GRANTED: "Votre demande est accordée : reconnectez-vous. L'accès se fermera de lui-même à la date demandée.",
    AccountChange.ABROAD_REFUSED: "Votre demande est refusée. Le motif est affiché quand vous vous connectez depuis l'étranger.",
    AccountChange.ABROAD_WITHDRAWN: "Votre accès depuis l'étranger est fermé avant sa date. Adressez-vous à l'assistance.",
    AccountChange.RECOVERY_REMOVED: "L'adresse de secours de votre compte vient d'être retirée. " + NOT_YOU,
    AccountChange.REINFORCED: "Une seconde étape est désormais demandée hors des réseaux connus. " + NOT_YOU,
    AccountChange.NOT_REINFORCED: "Le mot de passe suffit de nouveau à ouvrir votre compte. " + NOT_YOU,
    AccountChange.FACTOR_ADDED: "Un second facteur vient d'être ajouté à votre compte. " + NOT_YOU,
    AccountChange.FACTOR_REMOVED: "Un second facteur de votre compte vient d'être retiré. " + NOT_YOU,
    AccountChange.RECOVERY_CODES: "De nouveaux codes de secours remplacent les précédents. " + NOT_YOU,
    AccountChange.RECOVERY_CODE_USED: "Un de vos codes de secours vient de servir à une connexion. " + NOT_YOU,
    AccountChange.IMPERSONATED: "Une personne habilitée de l'administration consulte le portail à votre place, en lecture seule et pour "
    "quinze minutes au plus. Son nom, son motif et le nombre de pages vues sont dans « Qui a consulté mon dossier ».",
    AccountChange.SSO_LINKED: "Votre compte s'ouvre désormais aussi depuis un autre service, sans votre mot de passe. Si vous ne l'avez "
    "pas voulu, retirez cette liaison dans « Mon compte », choisissez un nouveau mot de passe et prévenez l'assistance.",
    AccountChange.SSO_UNLINKED: "Un autre service n'ouvre plus votre compte. " + NOT_YOU,
    AccountChange.KEY_COPIED: "Une clé a répondu comme une copie l'aurait fait : elle a été refusée. Retirez-la de votre compte et "
    "enregistrez-en une autre.",
    AccountChange.LOSS_ASKED: "Quelqu'un qui connaît votre mot de passe et lit votre boîte académique dit avoir perdu votre second "
    "facteur. Si ce n'est pas vous, annulez la demande par le lien que vous venez de recevoir, choisissez aussitôt un nouveau mot de "
    "passe et prévenez l'assistance.",
    AccountChange.LOSS_ACCEPTED: "Deux personnes ont vérifié votre demande. Vos seconds facteurs seront retirés 24 heures après elle. Si "
    "vous ne l'avez pas faite, annulez-la par le lien reçu et prévenez l'assistance.",
    AccountChange.LOSS_REFUSED: "La demande de retirer vos seconds facteurs est refusée. Rien ne change à votre compte. "
    + NOT_YOU,
    AccountChange.LOSS_CANCELLED: "La demande de retirer vos seconds facteurs est annulée. Rien ne change à votre compte. "
    + NOT_YOU,
    AccountChange.LOSS_DONE: "Vos seconds facteurs sont retirés et vos connexions fermées. À la prochaine, un code part à votre boîte "
    "académique : enregistrez alors un nouveau facteur. " + NOT_YOU,
    AccountChange.SESSIONS_ENDED: "Un administrateur a fermé toutes vos connexions au portail. Reconnectez-vous. Le motif est "
    "affiché dans « Mon profil ».",
    AccountChange.PASSWORD_OLD: "Vous avez choisi votre mot de passe il y a douze mois. Nous vous conseillons de le changer : une "
    "fuite ancienne ne servira plus à personne. Ce n'est pas une obligation, et votre compte reste ouvert.",
    AccountChange.SERVICE_GRANTED: "Un service reçoit désormais des données de votre compte. « Services reliés », dans « Mon compte », dit "
    "lequel, ce qu'il reçoit, et permet d'y mettre fin. " + NOT_YOU,
    AccountChange.PASSWORD_EXPIRED: "Un compte qui agit sur les autres change de mot de passe à intervalles réguliers. À votre prochaine "
    "connexion, le portail vous en demandera un nouveau avant toute autre page.",
}


@receiver(account_changed, dispatch_uid="correspondence.account_changed")
def warn_owner(sender: type[User], user: User, kind: AccountChange, **kwargs: object) -> None:
    send_alert(
        user=user,
        kind=f"compte.{kind.value}",
        subject=str(kind.label),
        body=BODIES[kind],
        link=reverse("security:file_reads" if kind == AccountChange.IMPERSONATED else "security:account"),
    )
