"""What this app holds about a person (`iprof.web.personal_data`)."""

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry

from iprof.web.personal_data import KEY, SECRET, STAFF, TECHNICAL, YOURSELF, hold, set_aside
from security.models import (
    AbroadAccess,
    AccessEvent,
    FactorLoss,
    FederatedLink,
    FederatedSession,
    Habilitation,
    Impersonation,
    OpenSession,
    PasswordAudit,
    RefusedAccess,
    TrustedBrowser,
    User,
)

OTHERS_ADDRESS = "adresse réseau d'un agent de l'administration"


def own_address(event: Any) -> str | None:
    """The network address of one's own acts; that of somebody else is theirs."""
    return str(event.ip) if event.ip and event.actor_id == event.subject_id else None


def register() -> None:
    hold(
        User, "Compte", "",
        "username email first_name last_name last_login date_joined is_active is_staff is_superuser groups activated_at"
        " activation_expires_at password_changed_at reset_requested_at recovery_postponed_until must_change_password reinforced",
        {
            "id": KEY,
            "password activation_digest": SECRET,
            "session_generation": TECHNICAL,
            "user_permissions": "toujours vide : les droits viennent des groupes",
        },
    )  # fmt: skip
    hold(EmailAddress, "Adresses de messagerie", "user", "email verified primary", {"id": KEY, "user": YOURSELF})
    hold(
        Authenticator, "Seconds facteurs", "user", "type created_at last_used_at",
        {"id": KEY, "user": YOURSELF, "data": SECRET},
    )  # fmt: skip
    hold(
        PasswordAudit, "Qualité du mot de passe", "user", "judged_at length diversity personal reminded_at",
        {"user": YOURSELF}, newest="-judged_at",
    )  # fmt: skip
    hold(
        OpenSession, "Connexions ouvertes", "user", "began_at ip browser",
        {"id public_id": KEY, "user": YOURSELF, "session_key": SECRET},
    )  # fmt: skip
    hold(
        Impersonation, "Portail consulté à votre place", "subject",
        "motive reason began_at ends_at ended_at end_cause pages",
        {"id public_id": KEY, "subject": YOURSELF, "staff": "nommé dans le journal des accès"},
    )  # fmt: skip
    hold(
        FactorLoss, "Pertes de facteur signalées", "user", "reason state asked_at told_at checked_at due_at closed_at",
        {"id public_id": KEY, "user": YOURSELF, "checked_by approved_by": STAFF,
         "check_made note": "manière dont l'identité est vérifiée : la dire aiderait à la contourner"},
    )  # fmt: skip
    hold(
        FederatedLink, "Comptes reliés", "user", "provider issuer subject linked_at used_at",
        {"id": KEY, "user": YOURSELF},
    )  # fmt: skip
    hold(
        Habilitation, "Habilitations", "user", "role scope_kind scope_code starts_on ends_on",
        {"id": KEY, "user": YOURSELF, "granted_by": STAFF},
    )  # fmt: skip
    hold(
        AccessEvent, "Journal des accès à votre dossier", "subject", "at kind actor_label reason detail ip",
        {"id request_id": KEY, "subject": YOURSELF, "actor": "donné par son nom", "mark": SECRET},
        shown={"ip": own_address},
    )  # fmt: skip
    hold(
        AbroadAccess, "Accès depuis l'étranger", "user",
        "country reason wanted_until state asked_at decided_at answer expires_on",
        {"id public_id": KEY, "user": YOURSELF, "decided_by": STAFF},
    )  # fmt: skip
    hold(
        TrustedBrowser, "Navigateurs de confiance", "user", "name trusted_at expires_at",
        {"id": KEY, "user": YOURSELF, "key_digest": SECRET},
    )  # fmt: skip
    set_aside("compteur d'une minute, versé au journal des accès", RefusedAccess)
    set_aside("clés techniques d'une connexion ouverte", FederatedSession)
    set_aside("liens à usage unique, jamais employés par le portail", EmailConfirmation)
    set_aside("journal de la bibliothèque d'administration, non employé", LogEntry)
