import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mobility.exchange.format import schema_document

FILE = Path(settings.BASE_DIR) / "docs" / "contracts" / "siam.schema.json"


class Command(BaseCommand):
    help = "Écrit le schéma JSON des échanges avec SIAM dans docs/contracts, ou vérifie avec --check qu'il est à jour."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="n'écrit rien ; code 1 si le fichier n'est pas à jour")
        parser.add_argument("--out", type=Path, default=FILE)

    def handle(self, *args: Any, check: bool, out: Path, **options: Any) -> None:
        text = json.dumps(schema_document(), ensure_ascii=False, indent=2) + "\n"
        if not check:
            out.write_text(text, encoding="utf-8")
            self.stdout.write(f"Schéma écrit dans {out}.")
        elif not out.exists() or out.read_text(encoding="utf-8") != text:
            raise CommandError(f"{out} n'est pas à jour : lancez « python manage.py siam_schema ».", returncode=1)
        else:
            self.stdout.write("Le schéma est à jour.")
