from django.urls import path, re_path

from iprof.correspondence.views import alerts, bulletins, circulars, deadlines, faq, news, reports, threads, tickets

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
    path("echeances/", deadlines.deadline_list, name="deadline_list"),
    path("echeances/agenda/", deadlines.calendar_feed, name="calendar_feed"),
    path("echeances/<uuid:public_id>/faite/", deadlines.deadline_done, name="deadline_done"),
    re_path(r"^agenda/(?P<token>[A-Za-z0-9_-]{43})\.ics$", deadlines.calendar_file, name="calendar_file"),
    path("alertes/signaler/", reports.report, name="report"),
    path("correspondances/", circulars.circular_list, name="circular_list"),
    path("correspondances/<uuid:public_id>/", circulars.circular_detail, name="circular_detail"),
    path("correspondances/<uuid:public_id>/lue/", circulars.circular_read, name="circular_read"),
    path("correspondances/<uuid:public_id>/fait/", circulars.circular_done, name="circular_done"),
    path("correspondances/<uuid:public_id>/ranger/", circulars.circular_archive, name="circular_archive"),
    path("correspondances/<uuid:public_id>/pieces/<uuid:file_id>/", circulars.circular_file, name="circular_file"),
    path("echanges/", threads.thread_list, name="thread_list"),
    path("echanges/nouveau/", threads.thread_new, name="thread_new"),
    path("echanges/<uuid:public_id>/", threads.thread_detail, name="thread_detail"),
    path("echanges/<uuid:public_id>/pieces/<uuid:file_id>/", threads.thread_file, name="thread_file"),
    path("support/", tickets.ticket_list, name="ticket_list"),
    path("support/nouveau/", tickets.ticket_new, name="ticket_new"),
    path("support/connexion/", tickets.sign_in_help, name="sign_in_help"),
    path("support/<uuid:public_id>/", tickets.ticket_detail, name="ticket_detail"),
    path("support/<uuid:public_id>/pieces/<uuid:file_id>/", tickets.ticket_file, name="ticket_file"),
    path("aide/reponses/<slug:code>/", faq.help_article, name="help_article"),
    path("actualites/", news.news_list, name="news_list"),
    path("actualites/atom.xml", news.news_feed, name="news_feed"),
    path("actualites/vu/", news.news_seen, name="news_seen"),
    path("actualites/<uuid:public_id>/", news.news_detail, name="news_detail"),
]
