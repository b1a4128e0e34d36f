"""Every page of the portal. A new URL must have a rule in tests/access_rules.py."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("iprof.home.urls")),
    path("", include("security.account_urls")),
    path("", include("security.urls")),
    path("alertes/", include("iprof.correspondence.urls")),
    path("ma-carriere/", include("career.urls")),
    path("gestion/", admin.site.urls),
]
