from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from security.domain.chain import Fault, FaultCode
from security.selectors_journal import JournalState, journal_state

SENTENCES = {
    FaultCode.SEAL_MISSING: "Rang {position} : le sceau manque. Des traces ont pu être retirées avec lui.",
    FaultCode.SEAL_ALTERED: "Rang {position} (trace {line}) : le sceau ne suit pas le précédent. Il a été modifié, déplacé ou ajouté.",
    FaultCode.LINE_REMOVED: "Rang {position} : la trace {line} a été retirée avant le terme de sa durée.",
    FaultCode.LINE_CHANGED: "Rang {position} : la trace {line} a été modifiée.",
    FaultCode.LINE_FOREIGN: "La trace {line} n'a pas été écrite par le portail : sa signature est fausse ou copiée.",
    FaultCode.ANCHOR_LOST: "Rang {position} : l'empreinte notée ne s'y trouve plus. La fin du journal a pu être refaite.",
}


class Command(BaseCommand):
    help = "Vérifie le journal des accès de la première à la dernière trace ; code 1 à la première anomalie."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            type=anchor,
            action="append",
            default=[],
            metavar="RANG:EMPREINTE",
            help="empreinte notée hors du portail lors d'une vérification passée ; répétable",
        )

    def handle(self, *args: Any, anchor: list[tuple[int, str]], **options: Any) -> None:
        state = journal_state(anchors=dict(anchor))
        self.stdout.write(_summary(state))
        if state.fault:
            raise CommandError(sentence(state.fault))
        self.stdout.write("Le journal est intact.")


def anchor(text: str) -> tuple[int, str]:
    """« 120:9f3a… » as printed by an earlier run."""
    position, _, digest = text.strip().partition(":")
    if not (position.isascii() and position.isdigit() and digest):
        raise ArgumentTypeError(f"« {text} » n'est pas une empreinte. Écrivez-la comme elle a été affichée : 120:9f3a…")
    return int(position), digest.lower()


def sentence(fault: Fault) -> str:
    return SENTENCES[fault.code].format(position=fault.position, line=fault.line)


def _summary(state: JournalState) -> str:
    lines = [f"{state.lines} traces, {state.gone} effacées au terme de leur durée, {state.waiting} à sceller."]
    if state.waiting_since:
        lines.append(f"La plus ancienne à sceller date du {state.waiting_since:%d/%m/%Y à %H:%M} UTC.")
    if state.head:
        lines.append(f"Dernier sceau, à noter hors du portail : {state.head.position}:{state.head.digest}")
    return "\n".join(lines)
