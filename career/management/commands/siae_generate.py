import datetime as dt
import random
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand
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
        parser.add_argument(
            "--on", type=dt.date.fromisoformat, default=None, help="jour de référence (aujourd'hui par défaut)"
        )
        parser.add_argument("--annuaire-out", type=Path, help="écrit aussi l'annuaire des établissements fictifs")
        parser.add_argument(
            "--bad", type=float, default=0.0, help="part de lignes fautives ; la version corrigée est écrite à côté"
        )
        parser.add_argument("--quiet", action="store_true")

    def handle(
        self, *args: Any, agents: int, seed: int, out: Path, on: dt.date | None, bad: float, **options: Any
    ) -> None:
        on = on or timezone.localdate()
        bar = ProgressBar(agents, "Génération", quiet=options["quiet"])
        lines, wrong, earlier_id = 0, 0, ""
        corrected = out.with_suffix(".corrected" + out.suffix)
        rng = random.Random(seed)  # noqa: S311  (fictional data, reproducible)
        with out.open("wb") as stream, corrected.open("wb") if bad else out.open("ab") as good:
            for line in feed_lines(agents, seed, on):
                lines += 1
                if b'"type":"agent.upserted"' in line:
                    bar.advance(1)
                    earlier_id = msgspec.json.decode(line)["id"] if bad else ""
                elif bad and rng.random() < bad:
                    spoiled, fixed = spoil(line, wrong, earlier_id)
                    wrong += 1
                    stream.write(spoiled)
                    good.write(fixed)
                    continue
                stream.write(line)
        bar.close()
        if options["annuaire_out"]:
            rows = establishments(random.Random(seed), agents)  # noqa: S311  (idem)
            options["annuaire_out"].write_text(annuaire_csv(rows, on), encoding="utf-8")
        self.stdout.write(
            f"{lines} messages pour {agents} agents dans {out}."
            + (f" {wrong} fautifs ; corrigés : {corrected}." if bad else "")
        )
