from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "iprof.correspondence"
    label = "correspondence"
    verbose_name = "Correspondances"
