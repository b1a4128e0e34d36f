from django.urls import path

from career.views import comparison, corrections, cv, cv_entries, history, perspectives, projection, promotion, trainings

app_name = "career"
urlpatterns = [
    path("", history.history, name="history"),
    path("cv/", cv.index, name="cv"),
    path("cv/apercu/", cv.preview, name="cv_preview"),
    path("cv/cv-academique.pdf", cv.pdf, name="cv_pdf"),
    path("cv/cv-academique.json", cv.as_json, name="cv_json"),
    path("cv/a-jour/", cv.confirm, name="cv_confirm"),
    path("cv/rubriques/", cv.section, name="cv_section"),
    path("cv/elements/", cv.fact, name="cv_fact"),
    path("cv/rubriques/<slug:code>/ajouter/", cv_entries.create, name="cv_entry_create"),
    path("cv/entrees/<uuid:public_id>/", cv_entries.change, name="cv_entry_change"),
    path("cv/entrees/<uuid:public_id>/supprimer/", cv_entries.delete, name="cv_entry_delete"),
    path("cv/entrees/<uuid:public_id>/deplacer/", cv_entries.move, name="cv_entry_move"),
    path("ma-carriere.pdf", history.history_pdf, name="history_pdf"),
    path("ma-carriere.csv", history.history_csv, name="history_csv"),
    path("projection/", projection.index, name="projection"),
    path("projection.csv", projection.table, name="projection_csv"),
    path("promotion/", promotion.index, name="promotion"),
    path("perspectives/", perspectives.index, name="perspectives"),
    path("perspectives.ics", perspectives.calendar, name="perspectives_ics"),
    path("perspectives/<slug:code>.ics", perspectives.calendar_of_way, name="perspective_ics"),
    path("formations/", trainings.index, name="training_list"),
    path("mes-formations.csv", trainings.table, name="training_csv"),
    path("comparaison/", comparison.index, name="comparison"),
    path("comparaison.csv", comparison.table, name="comparison_csv"),
    path("demandes/", corrections.index, name="correction_list"),
    path("demandes/nouvelle/", corrections.create, name="correction_create"),
    path("demandes/<uuid:public_id>/", corrections.detail, name="correction_detail"),
]
