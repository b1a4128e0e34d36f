from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "iprof.web"
    label = "web"
    verbose_name = "Interface commune"
