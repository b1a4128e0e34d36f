"""Who reads, adds and changes what in the administration, table by table. A table without a line here fails the suite."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.contrib import admin
from django.db.models import Model
from django.utils import timezone

from career.models import Agent, AnnuaireImport, FeedRun, InboxMessage, QuarantinedMessage
from documents.enums_privacy import DestructionCause
from documents.models import DestructionCertificate, Hold, PrivacyRequest
from documents.services.certificates import certify
from iprof.correspondence.models import AlertCopy, Circular, EmptySearch, Ticket
from iprof.correspondence.services.alerts import send_alert
from mobility.enums import VersionCause
from mobility.models import BaremeVersion, Campaign, MobilityRequest, ResultBatch, SchemeGuide
from mobility.services.scheme_campaigns import write_guide
from security.enums import AccessKind, Role
from security.idp.models import Service
from security.journal import record
from security.models import AbroadAccess, FactorLoss, Impersonation
from security.services_impersonation import begin_impersonation
from tests.access_rules import early_ask, privacy_request
from tests.career.feed.messages import event, load
from tests.factories.accounts import HabilitationFactory, UserFactory
from tests.factories.career import CorrectionRequestFactory
from tests.factories.correspondence import (
    HelpFactory,
    LureFactory,
    NewsFactory,
    PushSubscriptionFactory,
    ReportFactory,
    draft_circular,
    open_deadline,
)
from tests.factories.idp import ServiceFactory
from tests.factories.mobility import campaign, confirmed
from tests.factories.mobility_life import contest, controlled, late_change
from tests.factories.mobility_results import imported, settled
from tests.factories.schemes import scheme_campaign, sent_application
from tests.factories.submissions import BOTH, sent_pieces
from tests.factories.threads import ReplyTemplateFactory, dialogue, ticket

Roles = frozenset[Role]
NOBODY: Roles = frozenset()
FILES = frozenset({Role.GESTIONNAIRE, Role.SUPERADMIN})
TECHNICAL = frozenset({Role.IT, Role.SUPERADMIN})
HELP_WRITERS = frozenset({Role.SUPPORT, Role.SUPERADMIN})
SUPERADMIN = frozenset({Role.SUPERADMIN})
DELEGATE = frozenset({Role.DPO})
HELPERS = TECHNICAL | {Role.SUPPORT}
VERIFIERS = frozenset({Role.GESTIONNAIRE, Role.MEDICAL})


@dataclass(frozen=True, slots=True)
class Table:
    """Nobody deletes anything in the administration. `row` makes a row, about `agent` where rows are about agents.

    `files`: the rows follow the habilitation of the reader; out of it they do not exist. `own`: the pages beside Django's,
    by the end of their URL name; None for the row's key when they are about the whole table.
    """

    row: Callable[[Agent], Model]
    reads: Roles
    adds: Roles = NOBODY
    changes: Roles = NOBODY
    files: bool = False
    own: dict[str, "OwnPage"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnPage:
    opens: Roles
    of_row: bool = True
    post_only: bool = False
    get_status: int = 200


def fed(model: type[Model], agent: Agent) -> Model:
    """A row of what the feed leaves: one message accepted, one rejected."""
    if not model.objects.exists():
        load(event("agent.upserted"), event("career.step", corps="archivistes"))
    return model.objects.first()


def copy_of_alert(agent: Agent) -> AlertCopy:
    """Written with an alert, for a device of the person."""
    PushSubscriptionFactory(user=agent.user)
    alert = send_alert(user=agent.user, kind="carriere.essai", subject="Essai", body="Essai")
    return alert.copies.first()


def abroad(agent: Agent) -> AbroadAccess:
    asked = {"country": "MU", "reason": "Mission de trois jours.", "wanted_until": dt.date(2026, 12, 1)}
    return AbroadAccess.objects.get_or_create(user=agent.user, defaults=asked)[0]


def certificate(agent: Agent) -> DestructionCertificate:
    found = DestructionCertificate.objects.first()
    law = {"rule": "essai", "version": "2026-11-25"}
    return found or certify([], cause=DestructionCause.RETENTION, by=None, **law)


def impersonation(agent: Agent) -> Impersonation:
    helper = UserFactory(username="aidant", staff=True)
    visit = {
        "motive": "assistance",
        "reason": "Une page ne s'affiche pas",
        "not_after": timezone.now() + dt.timedelta(hours=1),
    }
    return begin_impersonation(staff=helper, subject=agent.user, **visit)


def sent_mobility(agent: Agent) -> MobilityRequest:
    """Confirmed, in a campaign of its own."""
    found = MobilityRequest.objects.filter(owner=agent.user, campaign__session=2031).first()
    return (
        found or confirmed(agent.user, Campaign.objects.filter(session=2031).first() or campaign(session=2031)).request
    )


def own_version(agent: Agent) -> BaremeVersion:
    """Of a request controlled while barèmes are displayed."""
    found = BaremeVersion.objects.filter(request__owner=agent.user, cause=VersionCause.CONTROLLED).last()
    return found or controlled(agent.user)


def result_batch(agent: Agent) -> ResultBatch:
    return ResultBatch.objects.first() or imported([settled(agent.user, campaign(session=2032))])


def loss(agent: Agent) -> FactorLoss:
    return FactorLoss.objects.get_or_create(user=agent.user, defaults={"reason": "Téléphone volé"})[0]


def scheme_guide(agent: Agent) -> SchemeGuide:
    guide = SchemeGuide(scheme="nouvelle_caledonie", text="Commencez par votre CV.")
    return SchemeGuide.objects.first() or write_guide(guide=guide, by=UserFactory(username="dsden", staff=True))


TABLES: dict[str, Table] = {
    "career_agent": Table(
        lambda agent: agent,
        reads=FILES | {Role.HEAD, Role.SUPPORT},
        files=True,
        own={
            "numen": OwnPage(FILES),
            "unlock": OwnPage(FILES),
            "portal": OwnPage(SUPERADMIN | {Role.SUPPORT}, get_status=302),  # the password once more, first
            "letter": OwnPage(FILES, post_only=True, get_status=403),
        },
    ),
    "career_annuaireimport": Table(
        lambda agent: AnnuaireImport.objects.create(file_name="etablissements.csv"), reads=TECHNICAL
    ),
    "career_appraisalrequest": Table(early_ask, reads=FILES, changes=FILES, files=True),
    "career_correctionrequest": Table(
        lambda agent: CorrectionRequestFactory(agent=agent), reads=FILES | {Role.DPO}, changes=FILES, files=True
    ),
    "career_establishment": Table(lambda agent: agent.assignments.first().establishment, reads=FILES),
    "career_feedrun": Table(partial(fed, FeedRun), reads=TECHNICAL),
    "career_inboxmessage": Table(partial(fed, InboxMessage), reads=TECHNICAL),
    "career_quarantinedmessage": Table(partial(fed, QuarantinedMessage), reads=TECHNICAL, changes=TECHNICAL),
    "correspondence_alert": Table(
        lambda agent: send_alert(user=agent.user, kind="carriere.essai", subject="Essai", body="Essai"), reads=TECHNICAL
    ),
    "correspondence_alertcopy": Table(copy_of_alert, reads=TECHNICAL),
    "correspondence_bulletin": Table(
        lambda agent: LureFactory(bulletin__year=2027, bulletin__quarter=1).bulletin,
        reads=TECHNICAL,
        adds=TECHNICAL,
        changes=TECHNICAL,
        own={"step": OwnPage(TECHNICAL, post_only=True, get_status=405)},
    ),
    "correspondence_circular": Table(
        lambda agent: Circular.objects.filter(state="brouillon").first() or draft_circular(),
        reads=FILES,
        adds=FILES,
        changes=FILES,
        own={"follow": OwnPage(FILES), "file": OwnPage(FILES, get_status=404), "late": OwnPage(FILES, get_status=404)},
    ),
    "correspondence_deadline": Table(lambda agent: open_deadline(agent.user), reads=FILES, adds=FILES, changes=FILES),
    "correspondence_emptysearch": Table(
        lambda agent: EmptySearch.objects.get_or_create(
            text="cantine", day=dt.date(2026, 11, 24), defaults={"times": 2}
        )[0],
        reads=HELP_WRITERS,
    ),
    "correspondence_helparticle": Table(
        lambda agent: HelpFactory(), reads=HELP_WRITERS, adds=HELP_WRITERS, changes=HELP_WRITERS
    ),
    "correspondence_newsitem": Table(
        lambda agent: NewsFactory(state="brouillon"),
        reads=FILES,
        adds=FILES,
        changes=FILES,
        own={"step": OwnPage(FILES, post_only=True, get_status=405), "preview": OwnPage(FILES)},
    ),
    "correspondence_suspiciousreport": Table(
        lambda agent: ReportFactory(), reads=TECHNICAL, own={"groups": OwnPage(TECHNICAL, of_row=False)}
    ),
    "correspondence_thread": Table(
        lambda agent: dialogue(agent.user),
        reads=FILES,
        changes=FILES,
        files=True,
        own={"piece": OwnPage(NOBODY, get_status=404)},
    ),
    "correspondence_ticket": Table(
        lambda agent: Ticket.objects.get(pk=ticket(agent.user).pk),
        reads=HELPERS,
        changes=HELPERS,
        files=True,
        own={"piece": OwnPage(NOBODY, get_status=404)},
    ),
    "correspondence_replytemplate": Table(
        lambda agent: ReplyTemplateFactory(),
        reads=FILES | HELPERS,
        adds=FILES | HELPERS,
        changes=FILES | HELPERS,
    ),
    "documents_submission": Table(
        lambda agent: sent_pieces(agent.user, "mobilite_inter", BOTH),
        reads=VERIFIERS,
        changes=VERIFIERS,
        files=True,
        own={
            "figures": OwnPage(VERIFIERS | {Role.DPO, Role.SUPERADMIN}, of_row=False),
            "figures_csv": OwnPage(VERIFIERS | {Role.DPO, Role.SUPERADMIN}, of_row=False),
        },
    ),
    "documents_destructioncertificate": Table(
        certificate, reads=DELEGATE | SUPERADMIN, own={"pdf": OwnPage(DELEGATE | SUPERADMIN)}
    ),
    "documents_hold": Table(
        lambda agent: Hold.objects.create(owner=agent.user, reason="Essai", placed_by=agent.user),
        reads=DELEGATE | SUPERADMIN,
        adds=DELEGATE | SUPERADMIN,
        changes=DELEGATE | SUPERADMIN,
    ),
    "documents_privacyrequest": Table(
        lambda agent: PrivacyRequest.objects.get(**privacy_request(agent)),
        reads=DELEGATE,
        changes=DELEGATE,
        own={
            "audit": OwnPage(DELEGATE, of_row=False),
            "print": OwnPage(DELEGATE, of_row=False, post_only=True, get_status=405),
        },
    ),
    "idp_service": Table(
        lambda agent: Service.objects.first() or ServiceFactory(), reads=TECHNICAL, adds=SUPERADMIN, changes=SUPERADMIN
    ),
    "mobility_campaign": Table(
        lambda agent: Campaign.objects.filter(session=2033).first() or campaign(session=2033),
        reads=FILES,
        adds=SUPERADMIN,
        changes=SUPERADMIN,
    ),
    "mobility_contest": Table(
        lambda agent: own_version(agent).request.contests.first() or contest(own_version(agent)),
        reads=FILES,
        changes=FILES,
        files=True,
    ),
    "mobility_latechange": Table(
        lambda agent: own_version(agent).request.late_changes.first() or late_change(own_version(agent)),
        reads=FILES,
        changes=FILES,
        files=True,
    ),
    "mobility_mobilityrequest": Table(sent_mobility, reads=FILES, changes=FILES, files=True),
    "security_abroadaccess": Table(abroad, reads=TECHNICAL, changes=TECHNICAL),
    "security_accessevent": Table(
        lambda agent: record(AccessKind.FILE_READ, actor=agent.user, subject=agent.user),
        reads=SUPERADMIN | {Role.DPO},
    ),
    "security_factorloss": Table(loss, reads=FILES | TECHNICAL, changes=FILES | TECHNICAL, files=True),
    "security_habilitation": Table(
        lambda agent: HabilitationFactory(user=UserFactory(username="habilitee", staff=True)),
        reads=SUPERADMIN | {Role.DPO},
        adds=SUPERADMIN,
        changes=SUPERADMIN,
    ),
    "security_impersonation": Table(impersonation, reads=SUPERADMIN | {Role.DPO}),
    "security_user": Table(lambda agent: agent.user, reads=TECHNICAL, adds=SUPERADMIN, changes=SUPERADMIN),
    "mobility_resultbatch": Table(result_batch, reads=SUPERADMIN, adds=SUPERADMIN, changes=SUPERADMIN),
    "mobility_schemeapplication": Table(
        lambda agent: sent_application(agent.user), reads=FILES | {Role.HEAD}, changes=FILES | {Role.HEAD}, files=True
    ),
    "mobility_schemecampaign": Table(lambda agent: scheme_campaign(), reads=FILES, adds=SUPERADMIN, changes=SUPERADMIN),
    "mobility_schemeguide": Table(scheme_guide, reads=FILES, adds=FILES),
}
# Pages of the administration that belong to no table: status for staff.
COMMON = {
    "index": 200,
    "login": 302,  # signed in already
    "logout": 302,  # the portal's own, as the next
    "password_change": 302,
    "password_change_done": 200,
    "jsi18n": 200,
    "autocomplete": 403,  # no form of ours asks
}


def registered() -> set[str]:
    return {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
