"""Sign-in through the identity providers, below /acces/ (in the namespace of `security.urls`)."""

from django.urls import path

from security.views import sso, sso_links, sso_machine

urlpatterns = [
    path("relier/", sso_links.link, name="sso_link"),
    path("liens/<int:pk>/retirer/", sso_links.unlink, name="sso_unlink"),
    path("sortie/", sso.left, name="sso_left"),
    path("sortie/fermer/", sso.quit_provider, name="sso_quit"),
    path("<slug:slug>/", sso.start, name="sso_start"),
    path("<slug:slug>/retour/", sso.callback, name="sso_callback"),
    path("<slug:slug>/fin/", sso_machine.back_channel, name="sso_back_channel"),
]
