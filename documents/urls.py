from django.urls import path

from documents.views import copies, own

app_name = "documents"
urlpatterns = [
    path("", own.home, name="home"),
    path("deposer/", own.deposit_files, name="deposit"),
    path("<uuid:pk>/", own.detail, name="detail"),
    path("<uuid:pk>/telecharger/", own.download, name="download"),
    path("<uuid:pk>/accord/", own.agree, name="agree"),
    path("<uuid:pk>/retirer/", own.withdraw, name="withdraw"),
    path("<uuid:pk>/apercu/<int:page>/", copies.preview, name="preview"),
    path("<uuid:pk>/copie/", copies.staff_copy, name="staff_copy"),
]
