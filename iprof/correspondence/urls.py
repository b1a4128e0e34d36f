from django.urls import path

from iprof.correspondence import views

app_name = "correspondence"
urlpatterns = [
    path("", views.alert_list, name="alert_list"),
    path("tout-lire/", views.alert_read_all, name="alert_read_all"),
    path("<uuid:message_id>/lue/", views.alert_read, name="alert_read"),
]
