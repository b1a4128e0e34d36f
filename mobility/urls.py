from django.urls import path

from mobility.views import requests

app_name = "mobility"
urlpatterns = [
    path("<uuid:public_id>/", requests.request_detail, name="request"),
]
