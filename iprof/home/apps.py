from importlib import import_module

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "iprof.home"
    label = "home"
    verbose_name = "Accueil"

    def ready(self) -> None:
        import_module("iprof.celery")  # so that shared tasks of the web process find the configured broker
        import_module("iprof.checks")
