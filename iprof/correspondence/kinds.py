"""Families of alerts: what a person may choose of each, and what nobody can switch off (issue of legal acts, norm K14).

A kind is « family.detail » (« compte.mot-de-passe », « echeance.rappel »): the part before the first dot names the
family. A kind of no family is refused when the alert is written.
"""

from dataclasses import dataclass

from iprof.correspondence.enums import Pace


@dataclass(frozen=True, slots=True)
class Family:
    """`paces` are the rhythms of mail a person may choose, the first by default; one pace only: nothing to choose, and
    `why` tells it."""

    code: str
    label: str
    what: str
    paces: tuple[Pace, ...] = (Pace.NOW,)
    why: str = ""

    @property
    def default(self) -> Pace:
        return self.paces[0]

    @property
    def mandatory(self) -> bool:
        return len(self.paces) == 1

    @property
    def optional(self) -> bool:
        """Whether the mail may be switched off altogether: it then carries List-Unsubscribe."""
        return Pace.NEVER in self.paces


FAMILIES = (
    Family(
        "compte",
        "Sécurité du compte",
        "Mot de passe, seconds facteurs, connexions inhabituelles.",
        why="Vous devez savoir aussitôt ce qui touche à votre compte : ne peut pas être désactivé.",
    ),
    Family(
        "carriere",
        "Actes de carrière",
        "Arrêtés, promotions, résultats.",
        why="Acte produisant un effet de droit : ne peut pas être désactivé.",
    ),
    Family(
        "demande",
        "Suites de vos demandes",
        "Rectifications, rendez-vous de carrière, pièces déposées.",
        why="Réponse de l'administration à votre démarche : ne peut pas être désactivé.",
    ),
    Family(
        "correspondance",
        "Correspondances",
        "Circulaires et courriers de la DSDEN et du rectorat.",
        why="Courrier de l'administration : ne peut pas être désactivé.",
    ),
    Family(
        "report",
        "Changements d'échéance",
        "Une date qui vous concerne est déplacée.",
        why="Une date manquée peut faire perdre un droit : ne peut pas être désactivé.",
    ),
    Family(
        "echeance",
        "Rappels d'échéance",
        "30, 7 et 1 jours avant une date qui vous concerne ; 90, 30 et 7 jours avant qu'un document déposé périme.",
        (Pace.NOW, Pace.DAILY),
    ),
    Family(
        "echange",
        "Échanges avec votre gestionnaire",
        "Une réponse vous attend.",
        (Pace.NOW, Pace.DAILY),
    ),
    Family("support", "Assistance", "Une réponse à votre demande d'assistance.", (Pace.NOW, Pace.DAILY)),
    Family(
        "bulletin",
        "Bulletins d'alerte",
        "Les messages frauduleux en circulation, chaque trimestre.",
        (Pace.NOW, Pace.DAILY, Pace.WEEKLY),
    ),
    Family(
        "actualite",
        "Actualités de la semaine",
        "Les nouvelles publiées depuis le lundi précédent.",
        (Pace.WEEKLY, Pace.NEVER),
    ),
    Family("recapitulatif", "Récapitulatifs", "Les alertes groupées du jour ou de la semaine."),
)
DIGESTS = "recapitulatif"  # the mails that tell the alerts put off: nothing to choose of them
_BY_CODE = {family.code: family for family in FAMILIES}


class UnknownKind(ValueError):
    """The kind names no family: nobody could say whether it may be put off."""


def family_of(kind: str) -> Family:
    """Raises UnknownKind."""
    try:
        return _BY_CODE[kind.partition(".")[0]]
    except KeyError:
        raise UnknownKind(kind) from None
