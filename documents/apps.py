from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        from documents.custody import CONTEXT  # noqa: PLC0415  (models are not loaded before `ready`)
        from documents.models import StoredFile  # noqa: PLC0415  (idem)
        from iprof.web.rotation import SealedColumn, register  # noqa: PLC0415  (idem)

        register(SealedColumn("Clés des documents", StoredFile.objects.only("sealed_key").all, "sealed_key", CONTEXT))
