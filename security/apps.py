from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SecurityConfig(AppConfig):
    name = "security"
    label = "security"
    verbose_name = "Sécurité et comptes"

    def ready(self) -> None:
        from security import receivers  # noqa: F401, PLC0415  (models are not loaded before `ready`)
        from security.roles import sync_after_migrate  # noqa: PLC0415  (idem)

        post_migrate.connect(sync_after_migrate, dispatch_uid="security.roles")
