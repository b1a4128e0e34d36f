from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "iprof.correspondence"
    label = "correspondence"
    verbose_name = "Correspondances"

    def ready(self) -> None:
        from iprof.correspondence import receivers  # noqa: F401, PLC0415  (models are not loaded before `ready`)
