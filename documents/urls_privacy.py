from django.urls import path

from documents.views import privacy, privacy_copy

app_name = "privacy"
urlpatterns = [
    path("", privacy.home, name="home"),
    path("demandes/nouvelle/", privacy.request_new, name="request_new"),
    path("demandes/<uuid:public_id>/", privacy.request_detail, name="request_detail"),
    path("demandes/<uuid:public_id>/retirer/", privacy.request_withdraw, name="request_withdraw"),
    path("copie/", privacy_copy.export, name="export"),
    path("copie/demander/", privacy_copy.export_ask, name="export_ask"),
    path("copie/telecharger/", privacy_copy.export_download, name="export_download"),
]
