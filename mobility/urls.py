from django.urls import path

from mobility.views import detail

app_name = "mobility"
urlpatterns = [
    path("<uuid:public_id>/", detail.request_detail, name="request"),
]
