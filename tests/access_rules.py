"""Who may open each URL. A new URL without a rule here fails the suite (tests/test_access.py), norm D16."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import urlsafe_base64_encode

from career.models import Agent, AppraisalRequest, SavedScenario
from documents.models import PrivacyRequest
from documents.selectors.receipts import receipts_of
from iprof.correspondence.models import CalendarFeed, Circular, CircularRecipient, NewsItem
from iprof.correspondence.outbox.unsubscribe import unsubscribe_headers
from iprof.correspondence.selectors.feeds import feed_digest
from iprof.correspondence.services.alerts import send_alert
from mobility.models import BaremeVersion, Campaign, Contest, LateChange
from security.factors import KEY
from security.models import FederatedLink, OpenSession
from tests.factories.accounts import AuthenticatorFactory, TrustedBrowserFactory
from tests.factories.career import AppraisalRequestFactory, CorrectionRequestFactory, CvEntryFactory
from tests.factories.correspondence import (
    NewsFactory,
    PushSubscriptionFactory,
    open_deadline,
    published_bulletin,
    sent_circular,
)
from tests.factories.documents import kept_document, sent_address
from tests.factories.files import pdf
from tests.factories.idp import ServiceGrantFactory
from tests.factories.mobility import campaign, draft
from tests.factories.mobility_life import contest, controlled, displaying, late_change, sent
from tests.factories.schemes import application_draft, scheme_campaign
from tests.factories.threads import dialogue, joined, ticket
from tests.security.virtual_key import VirtualKey

Kind = Literal["public", "guest", "signed_in", "agent", "owned", "action", "agent_action", "owned_action", "machine"]
NONE: dict[str, Any] = {}
FEED_TOKEN = "f" * 43


@dataclass(frozen=True, slots=True)
class Rule:
    """`kind` says who: public (everyone) · guest (before sign-in) · signed_in · agent (own file needed) · owned (an
    object of the agent; 404 for all others) · action, agent_action, owned_action (as signed_in, agent, owned, by POST
    only) · machine (signed messages, no session). The administration has its own table (tests/access_admin.py).

    `status` is what those who may get on GET; `args` builds the address of an object of `agent`; `posts` tells that the
    page takes a form; `with_factor` is the status for whoever has a second factor, as the owner does here. Nobody may
    anything by another method.
    """

    kind: Kind
    status: int = 200
    args: Callable[[Agent], dict[str, Any]] = lambda agent: NONE
    posts: bool = False
    with_factor: int = 0

    @property
    def post_only(self) -> bool:
        return self.kind in {"action", "agent_action", "owned_action", "machine"} and self.status in {200, 405}


def deadline(agent: Agent) -> dict[str, Any]:
    return {"public_id": open_deadline(agent.user).public_id}


def feed(agent: Agent) -> dict[str, Any]:
    """Written without a trace: the rows of the matrix are nobody's act."""
    digest = feed_digest(FEED_TOKEN)
    CalendarFeed.objects.filter(key_digest=digest).exclude(user=agent.user).delete()  # of an owner before
    CalendarFeed.objects.update_or_create(user=agent.user, defaults={"key_digest": digest})
    return {"token": FEED_TOKEN}


def correction(agent: Agent) -> dict[str, Any]:
    return {"public_id": CorrectionRequestFactory(agent=agent).public_id}


def cv_entry(agent: Agent) -> dict[str, Any]:
    return {"public_id": CvEntryFactory(cv__agent=agent).public_id}


def privacy_request(agent: Agent) -> dict[str, Any]:
    """One that waits."""
    asked = {"kind": "acces", "message": "Une question.", "due_on": dt.date(2026, 12, 28)}
    return {
        "public_id": PrivacyRequest.objects.get_or_create(owner=agent.user, state="deposee", defaults=asked)[
            0
        ].public_id
    }


def scenario(agent: Agent) -> dict[str, Any]:
    return {"public_id": SavedScenario.objects.get_or_create(agent=agent, name="Essai")[0].public_id}


def appraisal(agent: Agent) -> dict[str, Any]:
    return {"public_id": early_ask(agent).public_id}


def early_ask(agent: Agent) -> AppraisalRequest:
    """One may be open at a time."""
    return AppraisalRequest.objects.filter(agent=agent).first() or AppraisalRequestFactory(agent=agent)


def factor(agent: Agent) -> dict[str, Any]:
    return {"pk": (Authenticator.objects.filter(user=agent.user).first() or AuthenticatorFactory(user=agent.user)).pk}


def key(agent: Agent) -> dict[str, Any]:
    return {
        "pk": (Authenticator.objects.filter(user=agent.user, type=KEY).first() or VirtualKey().enrol(agent.user)).pk
    }


def browser(agent: Agent) -> dict[str, Any]:
    return {"pk": (agent.user.trusted_browsers.first() or TrustedBrowserFactory(user=agent.user)).pk}


def service_grant(agent: Agent) -> dict[str, Any]:
    return {"public_id": (agent.user.service_grants.first() or ServiceGrantFactory(user=agent.user)).public_id}


def open_session(agent: Agent) -> dict[str, Any]:
    key = f"{agent.pk:032d}"
    return {"public_id": OpenSession.objects.get_or_create(user=agent.user, session_key=key)[0].public_id}


def provider(agent: Agent) -> dict[str, Any]:
    return {"slug": "ent"}


def federated_link(agent: Agent) -> dict[str, Any]:
    values = {"issuer": "https://ent.example", "subject": f"s{agent.user_id}"}
    return {"pk": FederatedLink.objects.get_or_create(user=agent.user, provider="ent", defaults=values)[0].pk}


def alert(agent: Agent) -> dict[str, Any]:
    return {"message_id": send_alert(user=agent.user, kind="carriere.essai", subject="Essai", body="Essai").message_id}


def unsubscribe_link(agent: Agent) -> dict[str, Any]:
    alert = send_alert(
        user=agent.user, kind="actualite.semaine", subject="Essai", body="Essai", cause="essai:desinscription"
    )
    return {"token": unsubscribe_headers(alert)["List-Unsubscribe"].split("/")[-2]}


def device(agent: Agent) -> dict[str, Any]:
    found = agent.user.push_subscriptions.first() or PushSubscriptionFactory(user=agent.user)
    return {"public_id": found.public_id}


def bulletin(agent: Agent) -> dict[str, Any]:
    found = published_bulletin()
    return {"year": found.year, "quarter": found.quarter}


def circular(agent: Agent) -> dict[str, Any]:
    return {"public_id": received(agent).public_id}


def circular_file(agent: Agent) -> dict[str, Any]:
    found = received(agent)
    return {"public_id": found.public_id, "file_id": found.files.get().attachment.public_id}


def received(agent: Agent) -> Circular:
    known = CircularRecipient.objects.filter(user_id=agent.user_id).select_related("circular").first()
    return known.circular if known else sent_circular(agent.user, files=[pdf()])


def thread(agent: Agent) -> dict[str, Any]:
    return {"public_id": dialogue(agent.user).public_id}


def thread_file(agent: Agent) -> dict[str, Any]:
    return joined(dialogue(agent.user))


def ticket_args(agent: Agent) -> dict[str, Any]:
    return {"public_id": ticket(agent.user).public_id}


def ticket_file(agent: Agent) -> dict[str, Any]:
    return joined(ticket(agent.user))


def document(agent: Agent) -> dict[str, Any]:
    return {"pk": kept_document(agent.user).pk}


def sending(agent: Agent) -> dict[str, Any]:
    return {"public_id": sent_address(agent.user).public_id}


def mobility_campaign(agent: Agent) -> dict[str, Any]:
    return {"public_id": (Campaign.objects.first() or campaign()).public_id}


def mobility_request(agent: Agent) -> dict[str, Any]:
    """One draft for each, in one campaign for all."""
    return {"public_id": draft(agent.user, Campaign.objects.first()).public_id}


def mobility_version(agent: Agent) -> dict[str, Any]:
    return mobility_sent(agent) | {"number": 1}


def mobility_sent(agent: Agent) -> dict[str, Any]:
    """In a campaign of its own: the rows of the matrix are read one after the other."""
    mine = BaremeVersion.objects.filter(request__owner=agent.user, request__state="saisi").first()
    return {"public_id": (mine or sent(agent.user, displaying())).request.public_id}


def mobility_contest(agent: Agent) -> dict[str, Any]:
    mine = Contest.objects.filter(request__owner=agent.user).first()
    return {"public_id": (mine or contest(controlled(agent.user))).public_id}


def mobility_late(agent: Agent) -> dict[str, Any]:
    mine = LateChange.objects.filter(request__owner=agent.user).first()
    return {"public_id": (mine or late_change(controlled(agent.user))).public_id}


def open_scheme(agent: Agent) -> dict[str, Any]:
    return {"code": scheme_campaign().scheme}


def scheme_application(agent: Agent) -> dict[str, Any]:
    """Of another scheme than the one the administration reads, which is sent."""
    return {"public_id": application_draft(agent.user, scheme_campaign("move4monde")).public_id}


def receipt(agent: Agent) -> dict[str, Any]:
    sent_address(agent.user)
    return {"public_id": receipts_of(agent.user).latest("pk").public_id}


def document_page(agent: Agent) -> dict[str, Any]:
    return document(agent) | {"page": 1}


def news(agent: Agent) -> dict[str, Any]:
    return {"public_id": (NewsItem.objects.first() or NewsFactory()).public_id}


def dead_link(agent: Agent) -> dict[str, Any]:
    uid = urlsafe_base64_encode(str(agent.user_id).encode())
    return {"uidb64": uid, "token": default_token_generator.make_token(agent.user)}  # of another generator: refused


RULES: dict[str, Rule] = {
    "home:dashboard": Rule("signed_in"),
    "home:help": Rule("public"),
    "home:check_address": Rule("public", posts=True),
    "home:sitemap": Rule("public"),
    "home:accessibility": Rule("public"),
    "home:legal_notice": Rule("public"),
    "home:personal_data": Rule("public"),
    "home:service_state": Rule("public", posts=True),
    "home:display": Rule("public", posts=True),
    "home:health": Rule("public"),
    "home:csp_report": Rule("machine", 405),
    "home:security_txt": Rule("public"),
    "home:manifest": Rule("public"),
    "home:robots": Rule("public"),
    "account_login": Rule("guest", posts=True),
    "account_logout": Rule("signed_in", posts=True),
    "account_reauthenticate": Rule("signed_in", posts=True),
    "security:activation_start": Rule("guest", posts=True),
    "security:activation_password": Rule("guest", 302, posts=True),  # without the proof of the NUMEN: back to it
    "security:password_lost": Rule("public", posts=True),
    "security:password_link": Rule("public", 410, dead_link, posts=True),
    "security:abroad": Rule("guest", 302, posts=True),  # without a sign-in that waits: back to it
    "security:account": Rule("signed_in"),
    "security:profile": Rule("signed_in"),
    "security:file_reads": Rule("signed_in"),
    "security:session_end_others": Rule("action"),
    "security:session_end": Rule("owned_action", args=open_session),
    "security:password_change": Rule("signed_in", posts=True, with_factor=302),  # the factor first
    "security:recovery": Rule("signed_in", posts=True),
    "security:recovery_resend": Rule("action"),
    "security:recovery_later": Rule("action"),
    "security:recovery_remove": Rule("action"),
    "security:recovery_confirm": Rule("public", 404, lambda agent: {"key": "faux"}, posts=True),
    "security:extend": Rule("action"),
    "security:impersonation_end": Rule("action"),
    "security:key_sign_in": Rule("guest", posts=True),
    "security:sign_in_code": Rule("guest", 302, posts=True),  # the three: without the step before, back to the password
    "security:sign_in_factor": Rule("guest", 302, posts=True),
    "security:factor_loss": Rule("guest", 302, posts=True),
    "security:factor_loss_here": Rule("signed_in", 302, posts=True, with_factor=200),  # nothing to lose: elsewhere
    "security:factor_loss_cancel": Rule("public", 410, lambda agent: {"key": "faux"}, posts=True),
    "security:sign_in_trust": Rule("guest", 302, posts=True),
    "security:second_step": Rule("signed_in"),
    "security:second_step_switch": Rule("action"),
    "security:totp_add": Rule("signed_in", 302, posts=True),  # the three: the password once more, first
    "security:key_add": Rule("signed_in", 302, posts=True),
    "security:recovery_codes": Rule("signed_in", 302, posts=True),
    "security:key_rename": Rule("owned", 302, args=key, posts=True),
    "security:factor_remove": Rule("owned_action", args=factor),
    "security:browser_forget": Rule("owned_action", args=browser),
    "admin_password": Rule("signed_in", 302, posts=True),
    "admin_logout": Rule("signed_in", 302, posts=True),
    "idp:configuration": Rule("public"),
    "idp:jwks": Rule("public"),
    "idp:authorize": Rule("public", 400, posts=True),  # of no known service
    "idp:token": Rule("machine", 405),
    "idp:userinfo": Rule("machine", 401, posts=True),
    "idp:revoke": Rule("machine", 405),
    "idp:end_session": Rule("signed_in", posts=True),
    "idp:service_list": Rule("signed_in"),
    "idp:service_withdraw": Rule("owned_action", args=service_grant),
    "security:sso_link": Rule("signed_in", 302, posts=True),  # the password once more, first
    "security:sso_unlink": Rule("owned_action", args=federated_link),
    "security:sso_left": Rule("guest", 302),  # both: without a session of a provider that has just ended
    "security:sso_quit": Rule("guest", 302),
    "security:sso_start": Rule("public", 404, provider),  # no provider is configured here: tests/sso
    "security:sso_callback": Rule(
        "machine", 404, provider, posts=True
    ),  # POST: what a CAS server says, without a person
    "security:sso_back_channel": Rule("machine", 405, provider),
    "correspondence:alert_list": Rule("signed_in"),
    "correspondence:alert_read_all": Rule("action"),
    "correspondence:alert_read": Rule("owned_action", args=alert),
    "correspondence:bulletin_list": Rule("public"),
    "correspondence:bulletin_detail": Rule("public", args=bulletin),
    "correspondence:bulletin_feed": Rule("public"),
    "correspondence:bulletin_read": Rule("action"),
    "correspondence:deadline_list": Rule("signed_in"),
    "correspondence:deadline_done": Rule("owned_action", args=deadline),
    "correspondence:calendar_feed": Rule("signed_in", posts=True),
    "correspondence:calendar_file": Rule("public", args=feed),
    "correspondence:report": Rule("signed_in", posts=True),
    "correspondence:circular_list": Rule("signed_in"),
    "correspondence:circular_detail": Rule("owned", args=circular),
    "correspondence:circular_file": Rule("owned", args=circular_file),
    "correspondence:circular_read": Rule("owned_action", args=circular),
    "correspondence:circular_done": Rule("owned_action", args=circular),
    "correspondence:circular_archive": Rule("owned_action", args=circular),
    "privacy:home": Rule("signed_in"),
    "privacy:request_new": Rule("signed_in", posts=True),
    "privacy:request_detail": Rule("owned", args=privacy_request),
    "privacy:request_withdraw": Rule("owned_action", args=privacy_request),
    "privacy:export": Rule("signed_in"),
    "privacy:export_ask": Rule("action"),  # the password once more, first
    "privacy:export_download": Rule("action"),  # idem; 404 without a copy
    "mobility:request": Rule("owned", args=mobility_request),
    # the wizard of mobility
    "mobility:home": Rule("agent"),
    "mobility:simulation": Rule("agent", posts=True),
    "mobility:my_pieces": Rule("agent", 302),
    "mobility:start": Rule("agent_action", args=mobility_campaign),
    "mobility:voeux": Rule("owned", args=mobility_request, posts=True),
    "mobility:priorites": Rule("owned", args=mobility_request, posts=True),
    "mobility:points": Rule("owned_action", args=mobility_request),
    "mobility:pieces": Rule("owned", args=mobility_request, posts=True),
    "mobility:recap": Rule("owned", args=mobility_request, posts=True),
    "mobility:resume": Rule("owned_action", args=mobility_request),
    "mobility:versions": Rule("owned", args=mobility_sent),
    "mobility:version": Rule("owned", args=mobility_version),
    "mobility:version_pdf": Rule("owned", args=mobility_version),
    "mobility:contest": Rule("owned", status=409, args=mobility_sent, posts=True),  # barèmes are not displayed yet
    "mobility:contest_detail": Rule("owned", args=mobility_contest),
    "mobility:withdraw": Rule("owned", args=mobility_sent, posts=True),
    "mobility:late": Rule("owned", status=409, args=mobility_sent, posts=True),  # entering is not closed yet
    "mobility:late_detail": Rule("owned", args=mobility_late),
    # specific schemes and the comparison
    "mobility:comparison": Rule("agent"),
    "mobility:scheme_list": Rule("agent"),
    "mobility:scheme": Rule("agent", args=lambda agent: {"code": "nouvelle_caledonie"}),
    "mobility:scheme_begin": Rule("agent_action", args=open_scheme),
    "mobility:scheme_application": Rule("owned", args=scheme_application, posts=True),
    "mobility:scheme_recap": Rule("owned", args=scheme_application, posts=True),
    "mobility:scheme_withdraw": Rule("owned", args=scheme_application, posts=True),
    "mobility:scheme_reopen": Rule("owned_action", args=scheme_application),
    "documents:home": Rule("agent"),
    "documents:deposit": Rule("agent", posts=True),
    "documents:detail": Rule("owned", args=document, posts=True),
    "documents:download": Rule("owned", args=document),
    "documents:agree": Rule("owned_action", args=document),
    "documents:withdraw": Rule("owned", args=document, posts=True),
    "documents:unneeded": Rule("owned", args=document, posts=True),
    "documents:procedures": Rule("agent"),
    "documents:procedure": Rule("agent", args=lambda agent: {"code": "changement_adresse"}, posts=True),
    "documents:submission_list": Rule("agent"),
    "documents:submission": Rule("owned", args=sending, posts=True),
    "documents:submission_receipt": Rule("owned", args=sending),
    "documents:submission_withdraw": Rule("owned", args=sending, posts=True),
    "documents:receipt_pdf": Rule("owned", args=receipt),
    "documents:verify": Rule("public", posts=True),
    "documents:preview": Rule("owned", args=document_page),
    "documents:staff_copy": Rule("owned", args=document),
    "documents:offline": Rule("agent", posts=True),
    "correspondence:thread_list": Rule("agent"),
    "correspondence:thread_new": Rule("agent", posts=True),
    "correspondence:thread_detail": Rule("owned", args=thread, posts=True),
    "correspondence:thread_file": Rule("owned", args=thread_file),
    "correspondence:ticket_list": Rule("signed_in"),
    "correspondence:ticket_new": Rule("signed_in", posts=True),
    "correspondence:ticket_detail": Rule("owned", args=ticket_args, posts=True),
    "correspondence:ticket_file": Rule("owned", args=ticket_file),
    "correspondence:sign_in_help": Rule("public"),
    "correspondence:help_article": Rule("public", args=lambda agent: {"code": "mot-de-passe-perdu"}),
    "correspondence:news_list": Rule("public"),
    "correspondence:news_detail": Rule("public", args=news),
    "correspondence:news_feed": Rule("public"),
    "correspondence:news_seen": Rule("action"),
    "correspondence:choices": Rule("signed_in", posts=True),
    "correspondence:device_add": Rule("action"),
    "correspondence:device_remove": Rule("owned_action", args=device),
    "correspondence:unsubscribe": Rule("public", args=unsubscribe_link, posts=True),
    "correspondence:bounces": Rule("machine", 405),
    "correspondence:service_worker": Rule("public"),
    "siae:events": Rule("machine", 405),
    "siae:openapi": Rule("public"),
    "career:history": Rule("agent"),
    "career:cv": Rule("agent"),
    "career:cv_preview": Rule("agent"),
    "career:cv_pdf": Rule("agent"),
    "career:cv_json": Rule("agent"),
    "career:cv_confirm": Rule("agent_action"),
    "career:cv_section": Rule("agent_action"),
    "career:cv_fact": Rule("agent_action"),
    "career:cv_entry_create": Rule("agent", args=lambda agent: {"code": "experiences"}, posts=True),
    "career:cv_entry_change": Rule("owned", args=cv_entry, posts=True),
    "career:cv_entry_delete": Rule("owned", args=cv_entry, posts=True),
    "career:cv_entry_move": Rule("owned_action", args=cv_entry),
    "career:projection": Rule("agent"),
    "career:promotion": Rule("agent"),
    "career:projection_csv": Rule("agent"),
    "career:projection_pdf": Rule("agent"),
    "career:scenario_create": Rule("agent_action"),
    "career:scenario_detail": Rule("owned", args=scenario, posts=True),
    "career:scenario_remove": Rule("owned_action", args=scenario),
    "career:perspectives": Rule("agent"),
    "career:perspectives_ics": Rule("agent"),
    "career:perspective_ics": Rule("agent", args=lambda agent: {"code": "caffa"}),
    "career:comparison": Rule("agent"),
    "career:comparison_csv": Rule("agent"),
    "career:hours": Rule("agent"),
    "career:training_list": Rule("agent"),
    "career:training_csv": Rule("agent"),
    "career:history_pdf": Rule("agent"),
    "career:history_csv": Rule("agent"),
    "career:appraisal_list": Rule("agent"),
    "career:appraisal_create": Rule("agent", posts=True),
    "career:appraisal_detail": Rule("owned", args=appraisal),
    "career:correction_list": Rule("agent"),
    "career:correction_create": Rule("agent", posts=True),
    "career:correction_detail": Rule("owned", args=correction),
}


def named_urls() -> Iterator[tuple[str, str]]:
    """(name with its namespaces, route) of every URL of the portal."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, namespaces: str, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{namespaces}{entry.name or '(no name)'}", route
        else:
            space = f"{namespaces}{entry.namespace}:" if entry.namespace else namespaces
            yield from _walk(entry, space, route)
