import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from career.geography import POSTAL_CODES

KEPT = {"commune-actuelle", "arrondissement-municipal"}  # former communes carry no postal code


class Command(BaseCommand):
    help = "Refait la table des codes postaux à partir de communes.json (Etalab). À lancer une fois par an."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("communes", type=Path, help="le fichier communes.json")
        parser.add_argument("--out", type=Path, default=POSTAL_CODES)

    def handle(self, *args: Any, communes: Path, out: Path, **options: Any) -> None:
        try:
            entries = json.loads(communes.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{communes} ne peut pas être lu : {error}.") from None
        rows = sorted(
            {
                (code, entry["code"], entry["nom"], entry["departement"])
                for entry in entries
                if entry["type"] in KEPT
                for code in entry.get("codesPostaux", ())
            }
        )
        lines = ["code_postal;code_insee;commune;departement", *(";".join(row) for row in rows)]
        out.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.stdout.write(f"{len(rows)} lignes dans {out}.")
