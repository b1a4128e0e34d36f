import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from career.demo import remembered
from career.demo.accounts import DemoAccount, open_demo_accounts
from career.demo.bulletin import publish_demo_bulletin
from career.demo.circulars import release_demo_circulars
from career.demo.deadlines import announce_demo_deadlines
from career.demo.news import publish_demo_news
from career.demo.seed import is_demo_database
from career.demo.threads import write_demo_threads
from security.models import User

COLUMNS = ("Rôle", "Identifiant", "Mot de passe", "Ce qu'il ouvre")


class Command(BaseCommand):
    help = "Ouvre les comptes de démonstration de l'académie fictive, et les affiche."
    requires_system_checks = ()  # run.py calls it at each start: loading every page's code would take seconds

    def handle(self, *args: Any, **options: Any) -> None:
        given = os.environ.get("IPROF_DEMO_DIR")
        if not given:
            raise CommandError("IPROF_DEMO_DIR manque : passez par python3 run.py manage demo_accounts.")
        if not is_demo_database():
            self.stdout.write("Cette base ne vient pas de l'académie fictive : aucun compte de démonstration.")
            return
        folder = Path(given)
        known = remembered.read(folder)
        accounts = open_demo_accounts(known=known, on=timezone.localdate())
        if not accounts:
            self.stdout.write("Aucun établissement n'a d'agent en poste : aucun compte de démonstration.")
            return
        remembered.write(folder, accounts)
        publish_demo_bulletin(
            writer=User.objects.get(username="informatique"),
            reader=User.objects.get(username="admin"),
            on=timezone.localdate(),
        )
        release_demo_circulars(by=User.objects.get(username="gestionnaire"), on=timezone.localdate())
        announce_demo_deadlines(by=User.objects.get(username="gestionnaire"), on=timezone.localdate())
        write_demo_threads(
            teacher=User.objects.get(username=accounts[0].login),
            manager=User.objects.get(username="gestionnaire"),
            helper=User.objects.get(username="informatique"),
        )
        publish_demo_news(writer=User.objects.get(username="gestionnaire"), now=timezone.now())
        for line in table(accounts):
            self.stdout.write(line)


def table(accounts: list[DemoAccount]) -> list[str]:
    """The accounts in columns, under a line of titles."""
    rows = [COLUMNS, *((a.role, a.login, a.password or _unknown(a), a.remark) for a in accounts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return [
        "  " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _unknown(account: DemoAccount) -> str:
    return "à choisir" if account.is_waiting else "changé depuis"
