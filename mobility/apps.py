from django.apps import AppConfig


class MobilityConfig(AppConfig):
    name = "mobility"
    label = "mobility"
    verbose_name = "Mobilité"

    def ready(self) -> None:
        from iprof.web.rotation import SealedColumn, register  # noqa: PLC0415  (models are not loaded before `ready`)
        from mobility.models import Receipt  # noqa: PLC0415  (idem)
        from mobility.personal_data import register as register_personal_data  # noqa: PLC0415  (idem)
        from mobility.services.receipts import CONTEXT  # noqa: PLC0415  (idem)

        given = Receipt.objects.filter(pdf__isnull=False)
        register(SealedColumn("Accusés de réception", given.all, "pdf", CONTEXT, batch=20))
        register_personal_data()
