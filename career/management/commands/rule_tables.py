from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from career.rule_tables import UnknownTable, filled

FOLDER = Path(settings.BASE_DIR) / "docs" / "rules"


class Command(BaseCommand):
    help = "Réécrit les tableaux de docs/rules d'après les textes datés, ou vérifie avec --check qu'ils sont à jour."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="n'écrit rien ; code 1 si une page n'est pas à jour")
        parser.add_argument("--folder", type=Path, default=FOLDER)

    def handle(self, *args: Any, check: bool, folder: Path, **options: Any) -> None:
        stale = []
        for path in sorted(folder.glob("*.md")):
            page = path.read_text(encoding="utf-8")
            try:
                printed = filled(page)
            except UnknownTable as error:
                raise CommandError(f"{path.name} : {error}") from None
            if printed != page:
                stale.append(path.name)
                if not check:
                    path.write_text(printed, encoding="utf-8")
        if check and stale:
            raise CommandError(f"À réécrire par « python manage.py rule_tables » : {', '.join(stale)}.", returncode=1)
        self.stdout.write(f"Réécrit : {', '.join(stale)}." if stale else "Les tableaux sont à jour.")
