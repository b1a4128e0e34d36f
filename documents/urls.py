from django.urls import path

from documents.views import own

app_name = "documents"
urlpatterns = [
    path("", own.home, name="home"),
    path("deposer/", own.deposit_files, name="deposit"),
    path("<uuid:pk>/", own.detail, name="detail"),
    path("<uuid:pk>/telecharger/", own.download, name="download"),
    path("<uuid:pk>/accord/", own.agree, name="agree"),
    path("<uuid:pk>/retirer/", own.withdraw, name="withdraw"),
]
