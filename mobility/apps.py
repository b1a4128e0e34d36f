from django.apps import AppConfig


class MobilityConfig(AppConfig):
    name = "mobility"
    label = "mobility"
    verbose_name = "Mobilité"

    def ready(self) -> None:
        from mobility.personal_data import register as register_personal_data  # noqa: PLC0415  (models are not loaded before `ready`)

        register_personal_data()
