from django.urls import path

from documents.views import copies, deposit, expiry, offline, own, procedures, submissions, verify

app_name = "documents"
urlpatterns = [
    path("", own.home, name="home"),
    path("deposer/", deposit.deposit_files, name="deposit"),
    path("<uuid:pk>/", own.detail, name="detail"),
    path("<uuid:pk>/telecharger/", own.download, name="download"),
    path("<uuid:pk>/accord/", own.agree, name="agree"),
    path("<uuid:pk>/retirer/", own.withdraw, name="withdraw"),
    path("<uuid:pk>/inutile/", expiry.unneeded, name="unneeded"),
    path("procedures/", procedures.procedure_list, name="procedures"),
    path("procedures/<slug:code>/", procedures.procedure, name="procedure"),
    path("envois/", submissions.submission_list, name="submission_list"),
    path("envois/<uuid:public_id>/", submissions.submission, name="submission"),
    path("envois/<uuid:public_id>/recepisse.pdf", submissions.receipt, name="submission_receipt"),
    path("envois/<uuid:public_id>/retirer/", submissions.submission_withdraw, name="submission_withdraw"),
    path("<uuid:pk>/apercu/<int:page>/", copies.preview, name="preview"),
    path("<uuid:pk>/copie/", copies.staff_copy, name="staff_copy"),
    path("accuses/<uuid:public_id>.pdf", verify.receipt_file, name="receipt_pdf"),
    path("verification/", verify.verify, name="verify"),
    path("copie-hors-ligne/", offline.offline, name="offline"),
]
