"""Which fields each form takes, and a sending of it that acts. A field that is not here fails the suite (norm D16).

The fields a reader of the administration sees of a file are in `security.policies`; which roles change which table in
tests/access_admin.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from career.models import Agent
from documents.domain.procedures import procedures
from iprof.correspondence.kinds import DIGESTS, FAMILIES
from mobility.forms.claims import ClaimsForm
from mobility.forms.claims_fields import CHILDREN
from security.enums import Role
from tests.factories.accounts import PASSWORD, UserFactory, staff
from tests.factories.correspondence import NewsFactory, browser, looked_at, published_bulletin
from tests.factories.documents import kept_document

NEW = "Quatre-Renards-Gris-58"
CHOSEN = {"password1": NEW, "password2": NEW}
CV_ENTRY = frozenset({"title", "level", "starts", "ends", "text", "version"})
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """`fields`: the names a page may send, buttons included. `sends`: what makes it act, for the owner of the file; None
    where acting takes what only a mail or a device holds (their own tests send it). `writes`: False when nothing is kept."""

    fields: frozenset[str] = frozenset()
    sends: Callable[[Agent], Data] | None = lambda agent: {}
    writes: bool = True


def form(fields: str = "", sends: Callable[[Agent], Data] | None = lambda agent: {}, *, writes: bool = True) -> Form:
    return Form(frozenset(fields.split()), sends, writes)


def read_bulletin(agent: Agent) -> Data:
    found = published_bulletin()
    return {"bulletin": f"{found.year}-{found.quarter}"}


def copied(agent: Agent) -> Data:
    return {"documents": [str(kept_document(agent.user).pk)], **CHOSEN}


DATES = "opens_at closes_at pieces_until bareme_shown_at contest_until late_until results_at"
STATE = "nouveau-level nouveau-title nouveau-text nouveau-starts_at nouveau-ends_at"


def newest_news(agent: Agent) -> Data:
    return {"derniere": NewsFactory().public_id}


PACED = frozenset(f"rythme_{family.code}" for family in FAMILIES if not family.mandatory)
RUNG = frozenset(f"notification_{family.code}" for family in FAMILIES if family.code != DIGESTS)

CONTROL = " ".join(("version acte texte", *(f"points-{n} motif-{n}" for n in range(1, 13))))
CLAIMS_FORM = " ".join(
    ("revision suite acte", *ClaimsForm.base_fields, *(f"enfant_{number}" for number in range(1, CHILDREN + 1)))
)
PIECES_FORM = " ".join(("revision suite acte", *procedures()["mobilite_inter"].pieces))

FORMS: dict[str, Form] = {
    "account_login": form("login password next"),
    "account_logout": form(),
    "account_reauthenticate": form("password code credential next", None),
    "home:check_address": form("texte", lambda agent: {"texte": "https://exemple.fr"}, writes=False),
    "home:service_state": form("acte code suite-text " + STATE, None),
    "home:display": form("theme suite", lambda agent: {"theme": "dark"}, writes=False),
    "security:activation_start": form("login secret", None),
    "security:activation_password": form("password1 password2", None),
    "security:password_lost": form("login", None),
    "security:password_link": form("password1 password2 etape", None),
    "security:abroad": form("reason until", None),
    "security:key_sign_in": form("credential next", None),
    "security:factor_loss": form("reason code action", None),
    "security:factor_loss_here": form("reason password code action", None),
    "security:factor_loss_cancel": form("", None),
    "security:sign_in_code": form("code action", None),
    "security:sign_in_factor": form("code credential action", None),
    "security:sign_in_trust": form("action", None),
    "security:password_change": form("current password1 password2", lambda agent: {"current": PASSWORD, **CHOSEN}),
    "security:recovery": form("email", lambda agent: {"email": "durand@exemple.fr"}),
    "security:recovery_confirm": form("", None),
    "security:recovery_later": form(),
    "security:recovery_remove": form(),
    "security:recovery_resend": form("", None),
    "security:extend": form(writes=False),
    "security:impersonation_end": form(writes=False),
    "security:session_end": form(),
    "security:session_end_others": form(),
    "security:second_step_switch": form("action", lambda agent: {"action": "on"}),
    "security:totp_add": form("code", None),
    "security:key_add": form("name credential", None),
    "security:key_rename": form("name", lambda agent: {"name": "Clé verte"}),
    "security:recovery_codes": form(),
    "security:factor_remove": form(),
    "security:browser_forget": form(),
    "security:sso_link": form("action", None),
    "security:sso_unlink": form(),
    "idp:authorize": form("pour action", None),
    "idp:end_session": form("action", lambda agent: {"action": "rester"}, writes=False),
    "idp:service_withdraw": form(),
    "correspondence:alert_read": form("ouvrir page"),
    "correspondence:alert_read_all": form("page"),
    "correspondence:bulletin_read": form("bulletin", read_bulletin),
    "correspondence:circular_read": form("ouvrir"),
    "correspondence:circular_done": form(),
    "correspondence:circular_archive": form("action"),
    "correspondence:deadline_done": form("faite", lambda agent: {"faite": "1"}),
    "correspondence:calendar_feed": form("acte", lambda agent: {"acte": "creer"}),
    "correspondence:report": form("objet expediteur lien piece texte", lambda agent: {"objet": "Votre barème"}),
    "privacy:request_new": form(
        "demande documents message", lambda agent: {"demande": "acces", "message": "Qui a lu mon dossier ?"}
    ),
    "privacy:request_withdraw": form(),
    "privacy:export_ask": form(),
    "privacy:export_download": form("", None),
    "documents:deposit": form("fichiers reunir", None),  # a file is read once: tests/documents/web sends it
    "documents:detail": form(
        "type date fin titre", lambda agent: {"type": "livret_famille", "titre": "Livret de famille"}
    ),
    "documents:agree": form("", None),
    "documents:withdraw": form(),
    "documents:unneeded": form(),
    "documents:procedure": form(
        "piece_domicile etape message cle", None
    ),  # its pieces are documents: tests/documents/web sends them
    "documents:submission": form("message", None),
    "documents:submission_withdraw": form(),
    "documents:offline": form("documents password1 password2", copied),
    "correspondence:thread_new": form(
        "sujet message pieces gardees jeton nature ref", lambda agent: {"sujet": "Affectation", "message": "Bonjour."}
    ),
    "correspondence:thread_detail": form(
        "message pieces gardees jeton vu action", lambda agent: {"message": "Encore une question."}
    ),
    "correspondence:ticket_new": form(
        "type sujet message pieces gardees jeton echeance page technique etape",
        lambda agent: {"type": "affichage", "sujet": "Page vide", "message": "Rien ne s'affiche."},
    ),
    "correspondence:ticket_detail": form(
        "message pieces gardees jeton vu action resolu", lambda agent: {"action": "clore", "resolu": "oui"}
    ),
    "correspondence:news_seen": form("derniere", newest_news),
    "correspondence:choices": Form(
        frozenset({"avis"}) | PACED | RUNG, lambda agent: dict.fromkeys(PACED, "jour") | {"rythme_actualite": "jamais"}
    ),
    "correspondence:device_add": form("endpoint p256dh auth", lambda agent: browser()),
    "correspondence:device_remove": form(),
    "correspondence:unsubscribe": form(),
    "career:cv_confirm": form(),
    "career:cv_section": form("rubrique action", lambda agent: {"rubrique": "langues", "action": "monter"}),
    "career:cv_fact": form(
        "nature ref action",
        lambda agent: {"nature": "diplome", "ref": agent.diplomas.get().ref, "action": "masquer"},
    ),
    "career:cv_entry_create": Form(
        CV_ENTRY | {"rubrique"}, lambda agent: {"title": "Libraire", "starts": "2008", "text": "Reims."}
    ),
    "career:cv_entry_change": Form(
        CV_ENTRY | {"rubrique"}, lambda agent: {"version": "1", "title": "Guide", "starts": "2009"}
    ),
    "career:cv_entry_delete": form("version", lambda agent: {"version": "1"}),
    "career:cv_entry_move": form("action", lambda agent: {"action": "monter"}),
    "career:scenario_create": form("hypotheses nom", lambda agent: {"nom": "Temps partiel", "hypotheses": ""}),
    "career:scenario_detail": form("nom", lambda agent: {"nom": "Autre nom"}),
    "career:scenario_remove": form(),
    "career:appraisal_create": form(
        "nature ref notifie_le message etape",
        lambda agent: {"nature": "anticipe", "message": "Je change de fonctions.", "etape": "envoyer"},
    ),
    "career:correction_create": form(
        "nature ref message etape",
        lambda agent: {"nature": "identite", "message": "Mon prénom est mal écrit.", "etape": "envoyer"},
    ),
}

FORMS |= {  # barèmes displayed, entering closed, receipts with a code of their own: their own tests send them
    "documents:verify": form("code file", None, writes=False),  # a code that exists: tests/documents/web
    "mobility:start": form("", None),  # begun once: tests/mobility/web
    "mobility:resume": form("", None),
    "mobility:simulation": form("", None),
    "mobility:voeux": form("revision voeu lieu acte suite", None),
    "mobility:priorites": form(CLAIMS_FORM, None),
    "mobility:points": form(
        CLAIMS_FORM, lambda agent: {"strategy": "rc", "conjoint_postal_code": "21000"}, writes=False
    ),
    "mobility:pieces": form(PIECES_FORM, None),
    "mobility:recap": form("revision certifie sans_pieces", None),
    "mobility:contest": form("voeu ligne version objet points message piece_preuve etape", None),
    "mobility:late": form(
        "evenement survenu_le voeux code_postal departement famille message piece_preuve etape", None
    ),
    "mobility:withdraw": form("motif accord", None),
}

SCHEME_FORM = (
    "revision etape champ_motivation champ_depart champ_accompagnants champ_sejour champ_destination champ_contrat"
    " champ_precision piece_cv piece_classement piece_contrat piece_proposition piece_autre"
)
FORMS |= {
    "mobility:scheme_begin": form("", None),  # begun once: tests/mobility/web/test_schemes.py
    "mobility:scheme_application": form(SCHEME_FORM, lambda agent: {"revision": "1", "champ_motivation": "Autre"}),
    "mobility:scheme_recap": form("revision accord", None),
    "mobility:scheme_withdraw": form("motif", lambda agent: {"motif": "Autre projet"}),
    "mobility:scheme_reopen": form("", None),
}


def new_guide(agent: Agent) -> Data:
    return {"scheme": "pop", "departement": "51", "text": "Préparez l'entretien."}


def new_opening(agent: Agent) -> Data:
    opens = {"opens_at_0": "25/11/2026", "opens_at_1": "12:00", "closes_at_0": "12/12/2026", "closes_at_1": "12:00"}
    return {"scheme": "pop", "year": "2027", "source": "Note de service", **opens}


def new_login(agent: Agent) -> Data:
    return {"username": "hmarchand", "first_name": "Hélène", "last_name": "Marchand", "email": "hm@ac-reims.example"}


def new_habilitation(agent: Agent) -> Data:
    user = UserFactory(username="nouvelle", staff=True)
    return {"user": user.pk, "role": "gestionnaire", "scope_kind": "academie", "starts_on": "01/09/2026"}


ANSWER = form("decision reponse", lambda agent: {"decision": "accepter", "reponse": "Corrigé."})
LURE = {f"lures-{name}" for name in ("position", "subject", "sender", "attachment", "clue", "id", "bulletin", "DELETE")}
COUNTS = {f"lures-{name}_FORMS" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
BULLETIN = frozenset({"year", "quarter", "title", "body"} | LURE | COUNTS)


def new_bulletin(agent: Agent) -> Data:
    no_lure = {"lures-TOTAL_FORMS": 0, "lures-INITIAL_FORMS": 0}
    return {"year": 2027, "quarter": 2, "title": "Faux barèmes", "body": "Des messages imitent le rectorat.", **no_lure}


CIRCULAR = (
    "title kind reference body result deadline expects_act everyone departements corps grades disciplines uais logins "
    "pieces retirer version"
)


def new_circular(agent: Agent) -> Data:
    return {"title": "Dépôt des dossiers", "kind": "circulaire", "body": "Avant le 12 décembre.", "everyone": "on"}


DEADLINE = "title procedure opens_on closes_on closes_time link source everyone departements corps grades disciplines uais etape vue"


def new_deadline(agent: Agent) -> Data:
    return looked_at(
        {
            "title": "Saisir vos vœux",
            "procedure": "Mouvement 2027",
            "closes_on": "2099-12-11",
            "source": "Circulaire du 9 novembre 2026",
            "everyone": "on",
        },
        by=staff(Role.SUPERADMIN),
    )


NEWS = "title summary category departement published_from published_until body"


def new_news(agent: Agent) -> Data:
    return {
        "title": "Ouverture du serveur",
        "summary": "Les vœux se saisissent.",
        "category": "mobilite",
        "published_from": "2026-11-24T08:00",
        "body": "Le serveur est ouvert.",
    }


HELP = "question code kind category answer keywords position published"


def new_article(agent: Agent) -> Data:
    return {
        "question": "Où est le rectorat ?",
        "code": "rectorat",
        "kind": "question",
        "category": "assistance",
        "answer": "À Reims.",
        "position": "100",
    }


SERVICE = "name purpose type redirect_uris kept_scopes skip_consent long_lived post_logout_uris logout_uri"


def new_service(agent: Agent) -> Data:
    return {
        "name": "Agenda",
        "purpose": "Tenir un agenda.",
        "type": "confidential",
        "redirect_uris": "https://agenda.example/retour",
        "kept_scopes": ["profile"],
    }


WRITTEN = form(
    "decision message pieces gardees jeton vu modele collegue note",
    lambda agent: {"decision": "repondre", "message": "Bonjour, voici la réponse."},
)


def new_template(agent: Agent) -> Data:
    return {"kind": "echange", "title": "Pièce manquante", "body": "Il manque une pièce.", "is_active": "on"}


ADMIN_FORMS: dict[str, Form] = {
    "documents_hold_add": form("cible motif", lambda agent: {"cible": agent.user.username, "motif": "Contentieux"}),
    "documents_hold_change": form("motif", None),  # one's own in the matrix
    "documents_privacyrequest_change": form("reponse fondement motif decision", None),  # by the délégué: tests/admin
    "documents_privacyrequest_audit": form("du au", None),
    "career_agent_numen": form("motif", lambda agent: {"motif": "Instruction du dossier"}),
    "career_agent_unlock": form("verification precision", lambda agent: {"verification": "rappel"}),
    "career_agent_portal": form("motif precision", None),
    "career_agent_letter": form("", None),
    "career_appraisalrequest_change": ANSWER,
    "career_correctionrequest_change": ANSWER,
    "career_quarantinedmessage_change": form(
        "decision ligne motif", lambda agent: {"decision": "ecarter", "motif": "Envoyé par erreur."}
    ),
    "correspondence_bulletin_add": Form(BULLETIN, new_bulletin),
    "correspondence_bulletin_change": Form(BULLETIN, new_bulletin),
    "correspondence_bulletin_step": form("acte erratum", lambda agent: {"acte": "relire"}),
    "correspondence_circular_add": form(CIRCULAR, new_circular),
    "correspondence_circular_change": form(CIRCULAR, new_circular),
    "correspondence_circular_follow": form("acte motif vue", lambda agent: {"acte": "simuler"}),
    "correspondence_deadline_add": form(DEADLINE, new_deadline),
    "correspondence_deadline_change": form(
        "acte closes_on closes_time reason motif", lambda agent: {"acte": "annuler", "motif": "Campagne annulée."}
    ),
    "correspondence_thread_change": WRITTEN,
    "correspondence_ticket_change": WRITTEN,
    "correspondence_replytemplate_add": form("kind title body is_active", new_template),
    "correspondence_replytemplate_change": form("kind title body is_active", new_template),
    "correspondence_helparticle_add": form(HELP, new_article),
    "correspondence_helparticle_change": form(HELP, new_article),
    "correspondence_newsitem_add": form(NEWS, new_news),
    "correspondence_newsitem_change": form(NEWS, new_news),
    "correspondence_newsitem_step": form("acte", lambda agent: {"acte": "publier"}),
    "correspondence_suspiciousreport_groups": form(
        "campagne decision", lambda agent: {"campagne": "lien evil.example", "decision": "ecarter"}
    ),
    "documents_submission_change": form("acte essai piece-decision piece-motif piece-precision piece-vu", None),
    "idp_service_add": form(SERVICE, new_service),
    "idp_service_change": form(SERVICE, new_service),
    "mobility_mobilityrequest_change": form(CONTROL, None),  # tests/mobility/admin
    "mobility_resultbatch_add": form("campaign file acte", None),  # tests/mobility/admin
    "mobility_resultbatch_change": form("lignes motif acte", None),
    "mobility_campaign_add": form(f"degree phase session source voeux_max etape vue {DATES}", None),
    "mobility_campaign_change": form(
        "date to reason",
        lambda agent: {"date": "results_at", "to": "2033-12-19T12:00", "reason": "Serveur indisponible"},
    ),
    "mobility_contest_change": form("decision points partout motif", None),  # by an office: tests/mobility/admin
    "mobility_latechange_change": form("decision motif", None),  # idem
    "mobility_schemeapplication_change": form("motif avis acte", None),  # by the head: tests/mobility/admin
    "mobility_schemecampaign_add": form(
        "scheme year source opens_at_0 opens_at_1 closes_at_0 closes_at_1 opinions_until_0 opinions_until_1 results_at_0"
        " results_at_1",
        new_opening,
    ),
    "mobility_schemecampaign_change": form(
        "date to reason",
        lambda agent: {"date": "results_at", "to": "2099-12-19T12:00", "reason": "Serveur indisponible"},
    ),
    "mobility_schemeguide_add": form("scheme departement text", new_guide),
    "security_abroadaccess_change": form(
        "decision reponse", lambda agent: {"decision": "refuser", "reponse": "Séjour terminé."}
    ),
    "security_factorloss_change": form(
        "decision verification precision", lambda agent: {"decision": "refuser", "precision": "Numéro inconnu."}
    ),
    "security_habilitation_add": form("user role scope_kind scope_code starts_on ends_on", new_habilitation),
    "security_habilitation_change": form("ends_on", lambda agent: {"ends_on": "31/12/2027"}),
    "security_user_add": form("username first_name last_name email", new_login),
    "security_user_change": form("", writes=False),
}
