"""Reads the mailbox where delivery reports come back."""

import mailbox
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from iprof.correspondence.outbox.bounces import Outcome, note_bounce

LABELS = {
    Outcome.NOTED: "alertes marquées revenues",
    Outcome.ALREADY: "déjà marquées",
    Outcome.DELAYED: "retards, que le serveur essaie encore",
    Outcome.UNKNOWN: "avis d'échec d'autres messages",
    Outcome.NO_REPORT: "autres messages, laissés en place",
}


class Command(BaseCommand):
    help = "Lit les avis de non-remise d'une boîte (fichier mbox ou dossier Maildir) et marque les alertes revenues."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--remove", action="store_true", help="retire de la boîte les avis de non-remise lus, et eux seuls"
        )

    def handle(self, *args: Any, path: Path, remove: bool, **options: Any) -> None:
        box = _open(path)
        found: Counter[Outcome] = Counter()
        box.lock()
        try:
            for key in box.keys():
                outcome = note_bounce(box.get_bytes(key))
                found[outcome] += 1
                if remove and outcome != Outcome.NO_REPORT:
                    box.remove(key)
            box.flush()
        finally:
            box.unlock()
            box.close()
        for outcome, label in LABELS.items():
            self.stdout.write(f"{found[outcome]} {label}")


def _open(path: Path) -> "mailbox.Mailbox[Any]":
    """A folder is a Maildir, a file an mbox. Nothing is made when it is not there."""
    if path.is_dir() and (path / "new").is_dir():
        return mailbox.Maildir(path, create=False)
    if path.is_file():
        return mailbox.mbox(path, create=False)
    raise CommandError(f"{path} n'est ni un fichier mbox ni un dossier Maildir.")
