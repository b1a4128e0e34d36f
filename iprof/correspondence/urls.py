from django.urls import path, re_path

from iprof.correspondence import views, views_bulletins, views_reports

app_name = "correspondence"
urlpatterns = [
    path("", views.alert_list, name="alert_list"),
    path("tout-lire/", views.alert_read_all, name="alert_read_all"),
    path("<uuid:message_id>/lue/", views.alert_read, name="alert_read"),
    path("bulletins/", views_bulletins.bulletin_list, name="bulletin_list"),
    path("bulletins/atom.xml", views_bulletins.bulletin_feed, name="bulletin_feed"),
    path("bulletins/lu/", views_bulletins.bulletin_read, name="bulletin_read"),
    re_path(
        r"^bulletins/(?P<year>20[0-9]{2})-(?P<quarter>[1-4])/$", views_bulletins.bulletin_detail, name="bulletin_detail"
    ),
    path("signaler/", views_reports.report, name="report"),
]
