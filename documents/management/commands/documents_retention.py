from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from documents.services.retention import apply, due, warn


class Command(BaseCommand):
    help = "Montre les documents dont la durée de conservation est atteinte ; avec --apply, prévient et détruit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="prévenir les agents et détruire, avec un certificat")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        on = timezone.localdate()
        if apply:
            self._apply(on)
        found = due(on=on)
        left = (("à annoncer", found.to_warn), ("à détruire", found.to_destroy), ("refus à oublier", found.to_forget))
        for word, rows in left:
            self.stdout.write(f"{word} : {len(rows)}")
        if not apply:
            self.stdout.write("Rien n'est annoncé ni détruit sans --apply.")

    def _apply(self, on: Any) -> None:
        told, done = warn(on=on), apply(on=on)
        self.stdout.write(
            f"{told} annoncés, {done.destroyed} détruits, {done.forgotten} refus oubliés, "
            f"{done.certificates} certificats. Reste :"
        )
