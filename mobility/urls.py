from django.urls import path

from mobility.urls_schemes import scheme_urls
from mobility.views import (
    contests,
    detail,
    home,
    late,
    pieces,
    priorites,
    recap,
    simulation,
    versions,
    voeux,
    withdraw,
)

app_name = "mobility"
urlpatterns = [
    path("", home.home, name="home"),
    path("mon-bareme/", simulation.simulation, name="simulation"),
    path("mes-pieces/", home.my_pieces, name="my_pieces"),
    path("commencer/<uuid:public_id>/", home.start, name="start"),
    path("<uuid:public_id>/", detail.request_detail, name="request"),
    path("<uuid:public_id>/voeux/", voeux.voeux, name="voeux"),
    path("<uuid:public_id>/priorites/", priorites.priorites, name="priorites"),
    path("<uuid:public_id>/points/", priorites.points, name="points"),
    path("<uuid:public_id>/pieces/", pieces.pieces, name="pieces"),
    path("<uuid:public_id>/recapitulatif/", recap.recap, name="recap"),
    path("<uuid:public_id>/reprendre/", home.resume, name="resume"),
    # The life of a request
    path("<uuid:public_id>/bareme/", versions.version_list, name="versions"),
    path("<uuid:public_id>/bareme/<int:number>/", versions.version_detail, name="version"),
    path("<uuid:public_id>/bareme/<int:number>/pdf/", versions.version_pdf, name="version_pdf"),
    path("<uuid:public_id>/contester/", contests.contest, name="contest"),
    path("contestations/<uuid:public_id>/", contests.contest_detail, name="contest_detail"),
    path("<uuid:public_id>/retirer/", withdraw.withdraw_request, name="withdraw"),
    path("<uuid:public_id>/modification-tardive/", late.late, name="late"),
    path("modifications-tardives/<uuid:public_id>/", late.late_detail, name="late_detail"),
    *scheme_urls,
]
