from django.apps import AppConfig


class MobilityConfig(AppConfig):
    name = "mobility"
    label = "mobility"
    verbose_name = "Mobilité"

    def ready(self) -> None:
        from iprof.correspondence import calendar  # noqa: PLC0415  (models are not loaded before `ready`)
        from mobility.personal_data import register as register_personal_data  # noqa: PLC0415  (idem)
        from mobility.selectors.calendar import mobility_entries  # noqa: PLC0415  (idem)

        register_personal_data()
        calendar.register("mobility", mobility_entries)
