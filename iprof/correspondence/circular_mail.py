"""What a correspondence says by mail: all of a circular; of a letter or a result, only that it is there (S71)."""

from dataclasses import dataclass

from iprof.correspondence.models import Circular
from iprof.correspondence.rich_text import plain
from iprof.web.formats import french_date


@dataclass(frozen=True, slots=True)
class Said:
    """`html` is empty when there is nothing to lay out."""

    subject: str
    text: str
    html: str = ""


ALERT_KIND = "correspondance.nouvelle"
WAITING = Said(
    "Un courrier vous attend sur le portail",
    "L'administration vous a adressé un courrier personnel. Il se lit sur le portail seulement : rien de ce qu'il contient ne "
    "part par courriel.",
)


def said_of(circular: Circular, *, files: int) -> Said:
    """The mail of a correspondence to which `files` are joined."""
    after = [*_due(circular), *_joined(files)]
    if circular.confidential:
        return Said(WAITING.subject, "\n\n".join([WAITING.text, *_due(circular)]))
    text = "\n\n".join([plain(circular.html), *after])
    return Said(circular.title, text, circular.html + "".join(f"<p>{line}</p>" for line in after))


def reminder_of(circular: Circular, *, days: int) -> Said:
    """The mail to whoever has not said it was done, `days` days before the deadline."""
    left = "C'est le dernier jour" if days == 0 else f"Il reste {days} jour{'s' if days > 1 else ''}"
    what = "Le courrier qui vous attend" if circular.confidential else f"« {circular.title} »"
    subject = "Rappel : un courrier vous attend" if circular.confidential else f"Rappel : {circular.title}"
    text = (
        f"{what} demande d'agir au plus tard le {french_date(circular.deadline)}. {left}. Si vous avez fait le nécessaire, "
        "dites-le sur la page de la correspondance : les rappels cesseront."
    )
    return Said(subject, text)


def recall_notice(circular: Circular, *, reason: str) -> str:
    what = "Le courrier qui vous attendait" if circular.confidential else f"« {circular.title} »"
    why = "Le motif est sur sa page." if circular.confidential else f"Motif : {reason}"
    return f"{what} est rappelé par l'administration : n'en tenez pas compte. {why}"


def _due(circular: Circular) -> list[str]:
    return [f"À faire au plus tard le {french_date(circular.deadline)}."] if circular.deadline else []


def _joined(files: int) -> list[str]:
    if not files:
        return []
    return [f"{files} pièce{'s' if files > 1 else ''} jointe{'s' if files > 1 else ''} à télécharger sur le portail."]
