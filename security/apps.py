from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SecurityConfig(AppConfig):
    name = "security"
    label = "security"
    verbose_name = "Sécurité et comptes"

    def ready(self) -> None:
        from iprof.web.rotation import register  # noqa: PLC0415  (idem)
        from security import receivers  # noqa: F401, PLC0415  (models are not loaded before `ready`)
        from security.mfa_secrets import FACTORS  # noqa: PLC0415  (idem)
        from security.personal_data import register as register_personal_data  # noqa: PLC0415  (idem)
        from security.roles import sync_after_migrate  # noqa: PLC0415  (idem)
        from security.sso import checks  # noqa: F401, PLC0415  (idem)

        register(FACTORS)
        register_personal_data()
        post_migrate.connect(sync_after_migrate, dispatch_uid="security.roles")
