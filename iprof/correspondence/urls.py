from django.urls import path, re_path

from iprof.correspondence.views import alerts, bulletins, faq, news, reports

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
    path("aide/reponses/<slug:code>/", faq.help_article, name="help_article"),
    path("actualites/", news.news_list, name="news_list"),
    path("actualites/atom.xml", news.news_feed, name="news_feed"),
    path("actualites/vu/", news.news_seen, name="news_seen"),
    path("actualites/<uuid:public_id>/", news.news_detail, name="news_detail"),
]
