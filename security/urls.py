"""Pages of the account and of the first access."""

from django.urls import path

from security.views import abroad, account, activation, password, recovery

app_name = "security"
urlpatterns = [
    path("premiere-connexion/", activation.start, name="activation_start"),
    path("premiere-connexion/mot-de-passe/", activation.password, name="activation_password"),
    path("mot-de-passe-perdu/", password.lost, name="password_lost"),
    path("mot-de-passe-perdu/<slug:uidb64>/<slug:token>/", password.link, name="password_link"),
    path("connexion/etranger/", abroad.abroad, name="abroad"),
    path("compte/", account.account, name="account"),
    path("compte/profil/", account.profile, name="profile"),
    path("compte/mot-de-passe/", password.change, name="password_change"),
    path("compte/adresse-de-secours/", recovery.recovery, name="recovery"),
    path("compte/adresse-de-secours/lien/", recovery.resend, name="recovery_resend"),
    path("compte/adresse-de-secours/plus-tard/", recovery.later, name="recovery_later"),
    path("compte/adresse-de-secours/retirer/", recovery.remove, name="recovery_remove"),
    path("compte/adresse-de-secours/<str:key>/", recovery.confirm, name="recovery_confirm"),
    path("compte/prolonger/", account.extend, name="extend"),
]
