from django.urls import path

from mobility.views import contests, detail, versions

app_name = "mobility"
urlpatterns = [
    path("<uuid:public_id>/", detail.request_detail, name="request"),
    # The life of a request
    path("<uuid:public_id>/bareme/", versions.version_list, name="versions"),
    path("<uuid:public_id>/bareme/<int:number>/", versions.version_detail, name="version"),
    path("<uuid:public_id>/bareme/<int:number>/pdf/", versions.version_pdf, name="version_pdf"),
    path("<uuid:public_id>/contester/", contests.contest, name="contest"),
    path("contestations/<uuid:public_id>/", contests.contest_detail, name="contest_detail"),
]
