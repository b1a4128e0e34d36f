from iprof.home.management.state_command import StateCommand
from status import command


class Command(StateCommand):
    help = "Ferme le portail sans perdre ce qui est saisi, ou le rouvre."
    run = staticmethod(command.change_maintenance)
