"""The functions of each role, in one table. The database follows the table: groups are rewritten after each migration.

Permissions open functions; files are opened by a dated habilitation besides (`security.policies`). Teachers need no
permission: their pages show their own file only.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission

from security.enums import Role

CAREER_READ = frozenset(
    f"career.view_{model}"
    for model in (
        "agent",
        "arrete",
        "assignment",
        "careerstep",
        "diploma",
        "establishment",
        "evaluation",
        "familysituation",
        "serviceperiod",
        "training",
    )
)
FEED = frozenset(
    {
        "career.view_feedrun",
        "career.view_inboxmessage",
        "career.view_quarantinedmessage",
        "career.replay_feed",
        "career.view_annuaireimport",
    }
)
CORRECTIONS = frozenset({"career.view_correctionrequest", "career.answer_correction"})
APPRAISALS = frozenset({"career.view_appraisalrequest", "career.answer_appraisal"})
ALERTS = frozenset({"correspondence.view_alert", "correspondence.view_alertcopy", "correspondence.resend_alert"})
BULLETINS = frozenset(
    {
        "correspondence.view_bulletin",
        "correspondence.add_bulletin",
        "correspondence.change_bulletin",
        "correspondence.review_bulletin",
        "correspondence.publish_bulletin",
        "correspondence.view_suspiciousreport",
        "correspondence.handle_suspiciousreport",
    }
)
CIRCULARS = frozenset(
    {
        "correspondence.view_circular",
        "correspondence.add_circular",
        "correspondence.change_circular",
        "correspondence.release_circular",
        "correspondence.recall_circular",
    }
)
DEADLINES = frozenset({"correspondence.view_deadline", "correspondence.add_deadline", "correspondence.move_deadline"})
SERVICE_STATE = frozenset({"security.pass_maintenance", "security.tell_incident"})
NEWS = frozenset(
    {
        "correspondence.view_newsitem",
        "correspondence.add_newsitem",
        "correspondence.change_newsitem",
        "correspondence.publish_newsitem",
    }
)
HELP = frozenset(
    {
        "correspondence.view_helparticle",
        "correspondence.add_helparticle",
        "correspondence.change_helparticle",
        "correspondence.view_emptysearch",
    }
)
JOURNAL = frozenset({"security.view_accessevent"})
IMPERSONATION = frozenset({"security.view_impersonation"})
ABROAD = frozenset({"security.view_abroadaccess", "security.decide_abroadaccess"})
SERVICES_READ = frozenset({"idp.view_service"})
SERVICES = SERVICES_READ | {"idp.add_service", "idp.change_service"}
LOSSES = frozenset({"security.view_factorloss", "security.decide_factorloss"})
ACCOUNTS = frozenset(
    {
        "security.view_user",
        "security.add_user",
        "security.change_user",
        "security.view_habilitation",
        "security.add_habilitation",
        "security.change_habilitation",
    }
)

THREADS = frozenset({"correspondence.view_thread", "correspondence.answer_thread"})
TICKETS = frozenset({"correspondence.view_ticket", "correspondence.answer_ticket"})
REPLY_TEMPLATES = frozenset(f"correspondence.{act}_replytemplate" for act in ("view", "add", "change"))
PIECES = frozenset(
    {
        "documents.view_document",
        "documents.read_document",
        "documents.view_submission",
        "documents.review_submission",
        "documents.view_completeness",
    }
)
HOLDS = frozenset({"documents.view_hold", "documents.add_hold", "documents.lift_hold"})
PRIVACY = HOLDS | {
    "documents.view_destructioncertificate",
    "documents.view_privacyrequest",
    "documents.decide_privacyrequest",
    "documents.read_privacy_audit",
}
MOBILITY = frozenset(
    {
        "mobility.view_campaign",
        "mobility.view_campaignmove",
        "mobility.view_mobilityrequest",
        "mobility.view_baremeversion",
        "mobility.view_requestevent",
        "mobility.view_voeu",
        "mobility.control_request",
        "mobility.decide_bareme",
        "mobility.view_contest",
        "mobility.answer_contest",
        "mobility.view_latechange",
        "mobility.answer_late_change",
    }
)
CAMPAIGNS = frozenset(
    {
        "mobility.view_campaign",
        "mobility.view_campaignmove",
        "mobility.add_campaign",
        "mobility.move_campaign",
        "mobility.exchange_siam",
        "mobility.view_resultbatch",
        "mobility.import_results",
        "mobility.release_results",
    }
)
# Specific schemes: opened by the administrator, guided, advised on and decided by offices, advised on by heads.
SCHEMES = frozenset(
    {
        "mobility.view_schemeapplication",
        "mobility.advise_application",
        "mobility.decide_application",
        "mobility.view_schemecampaign",
        "mobility.view_schemeguide",
        "mobility.add_schemeguide",
    }
)
SCHEME_OPENINGS = frozenset({"mobility.add_schemecampaign", "mobility.move_schemecampaign"})

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.TEACHER: frozenset(),
    Role.GESTIONNAIRE: CAREER_READ
    | CORRECTIONS
    | APPRAISALS
    | CIRCULARS
    | DEADLINES
    | LOSSES
    | THREADS
    | REPLY_TEMPLATES
    | NEWS
    | PIECES
    | MOBILITY
    | SCHEMES
    | {"career.read_agent_file", "career.reveal_numen", "career.print_letter", "security.unlock_account"},
    Role.HEAD: frozenset(
        {
            "career.view_agent",
            "career.read_agent_file",
            "mobility.view_schemeapplication",
            "mobility.advise_application",
        }
    ),
    Role.MEDICAL: PIECES,
    Role.DPO: JOURNAL
    | IMPERSONATION
    | PRIVACY
    | {"career.view_correctionrequest", "security.view_habilitation", "documents.view_completeness"},
    Role.IT: FEED
    | ALERTS
    | BULLETINS
    | ABROAD
    | LOSSES
    | SERVICES_READ
    | SERVICE_STATE
    | TICKETS
    | REPLY_TEMPLATES
    | {"security.view_user"},
    Role.SUPPORT: HELP
    | TICKETS
    | REPLY_TEMPLATES
    | {"career.view_agent", "career.read_agent_file", "security.impersonate_user"},
    Role.SUPERADMIN: CAREER_READ
    | FEED
    | CORRECTIONS
    | APPRAISALS
    | ALERTS
    | BULLETINS
    | CIRCULARS
    | DEADLINES
    | {"correspondence.advance_deadline"}
    | SERVICE_STATE
    | NEWS
    | HELP
    | JOURNAL
    | IMPERSONATION
    | ABROAD
    | LOSSES
    | ACCOUNTS
    | SERVICES
    | THREADS
    | TICKETS
    | REPLY_TEMPLATES
    | HOLDS
    | MOBILITY
    | CAMPAIGNS
    | SCHEMES
    | SCHEME_OPENINGS
    | {
        "documents.view_completeness",
        "documents.view_destructioncertificate",
        "security.impersonate_user",
        "career.read_agent_file",
        "career.reveal_numen",
        "career.print_letter",
        "security.unlock_account",
    },
}


def permissions_of(role: Role, app_label: str) -> frozenset[str]:
    """Codenames of one app given to a role."""
    pairs = (label.split(".") for label in PERMISSIONS[role])
    return frozenset(codename for app, codename in pairs if app == app_label)


def sync_roles(app_label: str, *, using: str = "default", roles: Iterable[Role] = Role) -> None:
    """Makes each group hold exactly the table's permissions for `app_label`. Running it again changes nothing."""
    existing = {
        permission.codename: permission
        for permission in Permission.objects.using(using).filter(content_type__app_label=app_label)
    }
    for role in roles:
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        held = set(group.permissions.filter(content_type__app_label=app_label).values_list("codename", flat=True))
        wanted = permissions_of(role, app_label) & existing.keys()
        group.permissions.remove(*(existing[codename] for codename in held - wanted))
        group.permissions.add(*(existing[codename] for codename in wanted - held))


def sync_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate; it runs after the one of django.contrib.auth, which creates the permissions."""
    if sender.label in {"security", "idp", "correspondence", "career", "documents", "mobility"}:
        sync_roles(sender.label, using=using)
