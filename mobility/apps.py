from django.apps import AppConfig


class MobilityConfig(AppConfig):
    name = "mobility"
    label = "mobility"
    verbose_name = "Mobilité"
