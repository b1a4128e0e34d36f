from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "iprof.correspondence"
    label = "correspondence"
    verbose_name = "Correspondances"

    def ready(self) -> None:
        from iprof.correspondence import calendar, receivers  # noqa: F401, PLC0415  (models are not loaded before `ready`)
        from iprof.correspondence.files import CONTEXT  # noqa: PLC0415
        from iprof.correspondence.models import Attachment  # noqa: PLC0415
        from iprof.correspondence.selectors.deadlines import deadline_entries  # noqa: PLC0415
        from iprof.web.rotation import SealedColumn, register  # noqa: PLC0415

        register(SealedColumn("Pièces jointes", Attachment.objects.all, "sealed", CONTEXT, batch=5))
        calendar.register("deadlines", deadline_entries)
