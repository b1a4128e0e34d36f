from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        from documents.custody import CONTEXT  # noqa: PLC0415  (models are not loaded before `ready`)
        from documents.enums_privacy import PrivacyState  # noqa: PLC0415  (idem)
        from documents.models import EXPORT_CONTEXT, PersonalExport, PrivacyRequest, Receipt, StoredFile  # noqa: PLC0415  (idem)
        from documents.personal_data import register as register_personal_data  # noqa: PLC0415  (idem)
        from documents.selectors.traces import read_in_words  # noqa: PLC0415  (idem)
        from documents.services.receipts import CONTEXT as RECEIPT  # noqa: PLC0415  (idem)
        from iprof.web import clocked  # noqa: PLC0415  (idem)
        from iprof.web.rotation import SealedColumn, register  # noqa: PLC0415  (idem)
        from security.enums import AccessKind  # noqa: PLC0415  (idem)
        from security.traced_objects import register as tell  # noqa: PLC0415  (idem)

        tell(AccessKind.DOCUMENT_READ, read_in_words)
        copies = PersonalExport.objects.filter(sealed__isnull=False)
        register(SealedColumn("Copies de données", copies.all, "sealed", EXPORT_CONTEXT, batch=1))
        register(SealedColumn("Clés des documents", StoredFile.objects.only("sealed_key").all, "sealed_key", CONTEXT))
        given = Receipt.objects.filter(pdf__isnull=False)
        register(SealedColumn("Accusés de réception", given.all, "pdf", RECEIPT, batch=20))
        register_personal_data()
        queue = PrivacyRequest.objects.exclude(state=PrivacyState.WITHDRAWN)
        clocked.register(clocked.Queue("Demandes sur les données personnelles", queue.all, "received_at"))
