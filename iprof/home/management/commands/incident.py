from iprof.home.management.state_command import StateCommand
from status import command


class Command(StateCommand):
    help = "Ouvre, complète ou clôt un incident de la page d'état et du bandeau."
    run = staticmethod(command.incident)
