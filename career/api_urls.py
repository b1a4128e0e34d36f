from django.urls import path

from career import api

app_name = "siae"
urlpatterns = [
    path("events", api.events, name="events"),
    path("openapi.json", api.openapi, name="openapi"),
]
