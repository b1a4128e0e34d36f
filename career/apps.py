from django.apps import AppConfig


class CareerConfig(AppConfig):
    name = "career"
    label = "career"
    verbose_name = "Carrière"

    def ready(self) -> None:
        from career.feed.quarantine import SEAL_CONTEXT  # noqa: PLC0415  (models are not loaded before `ready`)
        from career.models import Agent, AppraisalRequest, CorrectionRequest, QuarantinedMessage  # noqa: PLC0415  (idem)
        from career.personal_data import register as register_personal_data  # noqa: PLC0415  (idem)
        from career.selectors.clocks import clock_entries  # noqa: PLC0415  (idem)
        from career.thread_subjects import register_subjects  # noqa: PLC0415  (idem)
        from iprof.correspondence import calendar  # noqa: PLC0415  (idem)
        from iprof.web import clocked  # noqa: PLC0415  (idem)
        from iprof.web.rotation import SealedColumn, register  # noqa: PLC0415  (idem)

        held = Agent.objects.filter(numen_sealed__isnull=False).only("numen_sealed")
        register(SealedColumn("NUMEN", held.all, "numen_sealed", "numen"))
        lines = QuarantinedMessage.objects.only("raw_sealed")
        register(SealedColumn("Messages rejetés", lines.all, "raw_sealed", SEAL_CONTEXT))
        calendar.register("appraisals", clock_entries)
        register_subjects()
        register_personal_data()
        clocked.register(clocked.Queue("Rectifications de carrière", CorrectionRequest.objects.all, "created_at"))
        clocked.register(clocked.Queue("Rendez-vous de carrière", AppraisalRequest.objects.all, "created_at"))
