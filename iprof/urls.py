"""Every page of the portal. A new URL must have a rule in tests/access_rules.py."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

handler400 = "iprof.home.views.errors.bad_request"
urlpatterns = [
    path("", include("iprof.home.urls")),
    path("", include("security.account_urls")),
    path("", include("security.urls")),
    path("", include("security.idp.urls")),
    path("", include("iprof.correspondence.urls")),
    path("ma-carriere/", include("career.urls")),
    path("mes-documents/", include("documents.urls")),
    path("mes-donnees/", include("documents.urls_privacy")),
    path("mutation/", include("mobility.urls")),
    # The portal's own pages: they journal, warn the owner and empty the browser.
    path(
        "gestion/password_change/", RedirectView.as_view(pattern_name="security:password_change"), name="admin_password"
    ),
    path("gestion/logout/", RedirectView.as_view(pattern_name="account_logout"), name="admin_logout"),
    path("api/siae/", include("career.api_urls")),
    path("gestion/", admin.site.urls),
]
