import datetime as dt
import random
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from career.generator.academie import annuaire_csv, establishments, feed_lines
from career.generator.bad_rows import spoil
from iprof.web.progress import ProgressBar


class Command(BaseCommand):
    help = "Écrit le flux d'une académie fictive : mêmes options, mêmes octets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agents", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--on", type=dt.date.fromisoformat, help="jour de référence (aujourd'hui par défaut)")
        parser.add_argument("--annuaire-out", type=Path, help="écrit aussi l'annuaire des établissements fictifs")
        parser.add_argument(
            "--bad", type=float, default=0.0, help="part de lignes fautives, corrigées dans un autre fichier"
        )
        parser.add_argument("--quiet", action="store_true")

    def handle(self, *args: Any, agents: int, seed: int, out: Path, bad: float, **options: Any) -> None:
        if agents < 1 or not 0 <= bad <= 1:
            raise CommandError("--agents est un nombre d'agents positif, --bad une part entre 0 et 1.")
        on = options["on"] or timezone.localdate()
        bar = ProgressBar(agents, "Génération", quiet=options["quiet"])
        corrected = out.with_suffix(".corrected" + out.suffix)
        lines = wrong = 0
        try:
            with out.open("wb") as stream, corrected.open("wb") if bad else nullcontext() as good:
                for line, fixed in _lines(feed_lines(agents, seed, on), seed, bad):
                    lines += 1
                    stream.write(line)
                    if fixed and good:
                        wrong += 1
                        good.write(fixed)
                    if b'"type":"agent.upserted"' in line:
                        bar.advance(1)
            if options["annuaire_out"]:
                rows = establishments(random.Random(seed), agents)  # noqa: S311  (fictional data, reproducible)
                options["annuaire_out"].write_text(annuaire_csv(rows, on), encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{error.filename} ne peut pas être écrit : {error.strerror}.") from None
        bar.close()
        told = f" {wrong} fautifs ; corrigés : {corrected}." if bad else ""
        self.stdout.write(f"{lines} messages pour {agents} agents dans {out}.{told}")


def _lines(lines: Iterator[bytes], seed: int, bad: float) -> Iterator[tuple[bytes, bytes]]:
    """(line, its right version when it was spoiled, else nothing). Agents themselves are never spoiled."""
    rng = random.Random(seed)  # noqa: S311  (idem)
    wrong, earlier_id = 0, ""
    for line in lines:
        if b'"type":"agent.upserted"' in line:
            earlier_id = msgspec.json.decode(line)["id"] if bad else ""
        elif bad and rng.random() < bad:
            yield spoil(line, wrong, earlier_id)
            wrong += 1
            continue
        yield line, b""
