from django.urls import path, re_path

from iprof.correspondence.views import alerts, bounces, bulletins, choices, push, reports, unsubscribe

app_name = "correspondence"
urlpatterns = [
    path("alertes/", alerts.alert_list, name="alert_list"),
    path("alertes/tout-lire/", alerts.alert_read_all, name="alert_read_all"),
    path("alertes/<uuid:message_id>/lue/", alerts.alert_read, name="alert_read"),
    path("alertes/bulletins/", bulletins.bulletin_list, name="bulletin_list"),
    path("alertes/bulletins/atom.xml", bulletins.bulletin_feed, name="bulletin_feed"),
    path("alertes/bulletins/lu/", bulletins.bulletin_read, name="bulletin_read"),
    re_path(
        r"^alertes/bulletins/(?P<year>20[0-9]{2})-(?P<quarter>[1-4])/$",
        bulletins.bulletin_detail,
        name="bulletin_detail",
    ),
    path("alertes/signaler/", reports.report, name="report"),
    path("alertes/reglages/", choices.choices, name="choices"),
    path("alertes/reglages/appareils/", choices.device_add, name="device_add"),
    path("alertes/reglages/appareils/<uuid:public_id>/retirer/", choices.device_remove, name="device_remove"),
    path("alertes/desinscription/<str:token>/", unsubscribe.unsubscribe_page, name="unsubscribe"),
    path("api/courriels/retours", bounces.returned, name="bounces"),
    path("sw.js", push.service_worker, name="service_worker"),
]
