"""Sign-in, sign-out and confirmation pages, under the URL names allauth's flows expect (no namespace)."""

from django.urls import path

from security.views import confirmation, sign_in

urlpatterns = [
    path("connexion/", sign_in.sign_in, name="account_login"),
    path("deconnexion/", sign_in.sign_out, name="account_logout"),
    path("compte/confirmer/", confirmation.reauthenticate, name="account_reauthenticate"),
]
