from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CorrespondenceConfig(AppConfig):
    name = "iprof.correspondence"
    label = "correspondence"
    verbose_name = "Correspondances"

    def ready(self) -> None:
        from iprof.correspondence import calendar, receivers  # noqa: F401, PLC0415  (models are not loaded before `ready`)
        from iprof.correspondence.files import CONTEXT  # noqa: PLC0415
        from iprof.correspondence.models import Attachment  # noqa: PLC0415
        from iprof.correspondence.personal_data import register as register_personal_data  # noqa: PLC0415
        from iprof.correspondence.selectors.dates import correspondence_entries  # noqa: PLC0415
        from iprof.correspondence.services.faq import sync_after_migrate  # noqa: PLC0415
        from iprof.web.rotation import SealedColumn, register  # noqa: PLC0415

        register(SealedColumn("Pièces jointes", Attachment.objects.all, "sealed", CONTEXT, batch=5))
        register_personal_data()
        calendar.register("correspondence", correspondence_entries)
        post_migrate.connect(sync_after_migrate, dispatch_uid="correspondence.help")
