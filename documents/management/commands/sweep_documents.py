from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.services.orphans import sweep_orphans


class Command(BaseCommand):
    help = "Montre les contenus du stockage qu'aucun document ne connaît depuis 24 heures ; avec --apply, les efface."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="effacer")
        parser.add_argument("--whatever", action="store_true", help="effacer quel qu'en soit le nombre")

    def handle(self, *args: Any, apply: bool, whatever: bool, **options: Any) -> None:
        try:
            found = sweep_orphans(apply=apply, all_of_them=whatever)
        except OSError as error:
            raise CommandError(f"Le stockage ne répond pas ({type(error).__name__}).") from error
        self.stdout.write(
            f"{found.held} contenus dans le stockage, {len(found.found)} sans document, {found.erased} effacés."
        )
        if found.withheld:
            self.stdout.write(
                "Trop de contenus sont sans document : la base est-elle celle de ce stockage ? Rien n'est effacé (--whatever pour "
                "passer outre)."
            )
        elif found.found and not apply:
            self.stdout.write("Rien n'est effacé sans --apply.")
