import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from career.domain.case_files import Case, read_cases
from career.domain.case_values import CaseFormatError
from mobility.domain.case_files import compute_case
from mobility.domain.case_results import differences


class Command(BaseCommand):
    help = "Calcule des cas de règles (fichiers YAML) sans base de données, et les compare à l'attendu avec --check."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--check", action="store_true", help="compare chaque résultat à la clé expected du cas")

    def handle(self, *args: Any, files: list[Path], check: bool, **options: Any) -> None:
        found: dict[str, tuple[Case, dict[str, Any]]] = {}
        for path in files:
            try:
                for case in read_cases(path):
                    if case.id in found:
                        raise CaseFormatError(f"{path}: {case.id}: identifiant utilisé dans deux fichiers")
                    found[case.id] = (case, self._computed(path, case))
            except CaseFormatError as error:
                raise CommandError(str(error), returncode=2) from error
        if check:
            self._check(list(found.values()))
        else:
            results = {name: result for name, (_, result) in found.items()}
            self.stdout.write(json.dumps(results, ensure_ascii=False, indent=2))

    def _computed(self, path: Path, case: Case) -> dict[str, Any]:
        try:
            return compute_case(case)
        except CaseFormatError as error:
            raise CaseFormatError(f"{path}: {error}") from error

    def _check(self, computed: list[tuple[Case, dict[str, Any]]]) -> None:
        wrong = 0
        for case, result in computed:
            lines = ["aucun résultat attendu"] if case.expected is None else list(differences(case.expected, result))
            wrong += bool(lines)
            for line in lines:
                self.stdout.write(f"{case.id} : {line}")
        if wrong:
            raise CommandError(f"{wrong} cas sur {len(computed)} en écart.", returncode=1)
        self.stdout.write(f"{len(computed)} cas conformes.")
