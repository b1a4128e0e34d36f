"""Endpoints of the identity provider, and « Services reliés »."""

from django.urls import path

from security.idp.views import account, machine, sign_in, sign_out

app_name = "idp"
urlpatterns = [
    path(".well-known/openid-configuration", machine.configuration, name="configuration"),
    path(".well-known/jwks.json", machine.jwks, name="jwks"),
    path("identite/autoriser/", sign_in.authorize, name="authorize"),
    path("identite/jeton/", machine.token, name="token"),
    path("identite/profil/", machine.userinfo, name="userinfo"),
    path("identite/revoquer/", machine.revoke, name="revoke"),
    path("identite/deconnexion/", sign_out.end_session, name="end_session"),
    path("compte/services/", account.service_list, name="service_list"),
    path("compte/services/<uuid:public_id>/retirer/", account.service_withdraw, name="service_withdraw"),
]
