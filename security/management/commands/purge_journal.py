from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from security.services_journal import lines_due, purge_journal, seal_journal


class Command(BaseCommand):
    help = "Montre les traces dont la durée de conservation est atteinte ; avec --apply, les efface."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="effacer, et l'écrire au journal")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        if apply:
            seal_journal(everywhere=True)
        found = purge_journal() if apply else lines_due()
        for due in found:
            self.stdout.write(f"{due.kind.label}, avant le {due.before:%d/%m/%Y} : {due.lines}")
        said = "effacées" if apply else "à effacer (rien n'est effacé sans --apply)"
        self.stdout.write(f"{sum(due.lines for due in found)} traces {said}.")
