from django.urls import path

from career.views import corrections, history, projection, promotion, trainings

app_name = "career"
urlpatterns = [
    path("", history.history, name="history"),
    path("cv/", history.cv, name="cv"),
    path("ma-carriere.pdf", history.history_pdf, name="history_pdf"),
    path("ma-carriere.csv", history.history_csv, name="history_csv"),
    path("projection/", projection.index, name="projection"),
    path("projection.csv", projection.table, name="projection_csv"),
    path("promotion/", promotion.index, name="promotion"),
    path("formations/", trainings.index, name="training_list"),
    path("mes-formations.csv", trainings.table, name="training_csv"),
    path("demandes/", corrections.index, name="correction_list"),
    path("demandes/nouvelle/", corrections.create, name="correction_create"),
    path("demandes/<uuid:public_id>/", corrections.detail, name="correction_detail"),
]
