from django.apps import AppConfig


class IdpConfig(AppConfig):
    name = "security.idp"
    label = "idp"
    verbose_name = "Services reliés"

    def ready(self) -> None:
        from security.idp import receivers  # noqa: F401, PLC0415  (models are not loaded before `ready`)
        from security.idp.personal_data import register  # noqa: PLC0415  (idem)

        register()
