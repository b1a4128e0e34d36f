from django.apps import AppConfig


class CareerConfig(AppConfig):
    name = "career"
    label = "career"
    verbose_name = "Carrière"
