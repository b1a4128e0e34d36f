"""Every page of the portal. A new URL must have a rule in tests/access_rules.py."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# One door for all: the admin's own sign-in page would know neither waits nor a second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("iprof.home.urls")),
    path("", include("security.account_urls")),
    path("", include("security.urls")),
    path("alertes/", include("iprof.correspondence.urls")),
    path("ma-carriere/", include("career.urls")),
    path("gestion/", admin.site.urls),
]
