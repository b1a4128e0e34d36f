"""Pages of the account and of the first access."""

from django.urls import include, path

from security.views import (
    abroad,
    account,
    activation,
    factor_loss,
    factors,
    impersonation,
    key_sign_in,
    keys,
    password,
    profile,
    recovery,
    second_step,
)

app_name = "security"
urlpatterns = [
    path("premiere-connexion/", activation.start, name="activation_start"),
    path("premiere-connexion/mot-de-passe/", activation.password, name="activation_password"),
    path("mot-de-passe-perdu/", password.lost, name="password_lost"),
    path("mot-de-passe-perdu/<slug:uidb64>/<slug:token>/", password.link, name="password_link"),
    path("connexion/etranger/", abroad.abroad, name="abroad"),
    path("compte/", account.account, name="account"),
    path("compte/profil/", profile.profile, name="profile"),
    path("compte/profil/consultations/", profile.file_reads, name="file_reads"),
    path("compte/profil/connexions/fermer-les-autres/", profile.session_end_others, name="session_end_others"),
    path("compte/profil/connexions/<uuid:public_id>/fermer/", profile.session_end, name="session_end"),
    path("compte/mot-de-passe/", password.change, name="password_change"),
    path("compte/adresse-de-secours/", recovery.recovery, name="recovery"),
    path("compte/adresse-de-secours/lien/", recovery.resend, name="recovery_resend"),
    path("compte/adresse-de-secours/plus-tard/", recovery.later, name="recovery_later"),
    path("compte/adresse-de-secours/retirer/", recovery.remove, name="recovery_remove"),
    path("compte/adresse-de-secours/<str:key>/", recovery.confirm, name="recovery_confirm"),
    path("connexion/cle/", key_sign_in.key_sign_in, name="key_sign_in"),
    path("connexion/code/", second_step.mail_code, name="sign_in_code"),
    path("connexion/second-facteur/", second_step.factor, name="sign_in_factor"),
    path("connexion/facteur-perdu/", factor_loss.factor_loss, name="factor_loss"),
    path("connexion/facteur-perdu/<str:key>/annuler/", factor_loss.factor_loss_cancel, name="factor_loss_cancel"),
    path("connexion/navigateur/", second_step.trust, name="sign_in_trust"),
    path("compte/authentification-renforcee/", factors.second_step, name="second_step"),
    path("compte/authentification-renforcee/choix/", factors.switch, name="second_step_switch"),
    path("compte/authentification-renforcee/application/", factors.totp_add, name="totp_add"),
    path("compte/authentification-renforcee/cle/", keys.key_add, name="key_add"),
    path("compte/authentification-renforcee/cle/<int:pk>/nom/", keys.key_rename, name="key_rename"),
    path("compte/authentification-renforcee/codes/", factors.recovery_codes, name="recovery_codes"),
    path("compte/authentification-renforcee/facteur/<int:pk>/retirer/", factors.factor_remove, name="factor_remove"),
    path("compte/authentification-renforcee/perdu/", factor_loss.factor_loss_here, name="factor_loss_here"),
    path(
        "compte/authentification-renforcee/navigateur/<int:pk>/oublier/", factors.browser_forget, name="browser_forget"
    ),
    path("vue-agent/fin/", impersonation.end, name="impersonation_end"),
    path("compte/prolonger/", account.extend, name="extend"),
    path("acces/", include("security.sso_urls")),
]
