"""What this app holds about a person (`iprof.web.personal_data`)."""

from collections.abc import Iterator
from functools import partial

from iprof.correspondence.files import content_of
from iprof.correspondence.models import (
    Alert,
    AlertChoice,
    AlertCopy,
    Attachment,
    Bulletin,
    BulletinRead,
    CalendarFeed,
    Circular,
    CircularFile,
    CircularRecipient,
    Deadline,
    DeadlineMove,
    DeadlineNotice,
    DeadlinePerson,
    ForwardChoice,
    HelpArticle,
    Lure,
    Message,
    MessageFile,
    NewsItem,
    NewsMark,
    PushSubscription,
    SuspiciousReport,
    Thread,
    ThreadNote,
)
from iprof.web.personal_data import KEY, SECRET, STAFF, TECHNICAL, YOURSELF, File, hold, hold_files, set_aside
from security.models import User

PUBLISHED = "publication de l'administration, la même pour tous"


def joined_files(user: User) -> Iterator[File]:
    """The files of one's exchanges, whoever joined them."""
    rows = MessageFile.objects.filter(message__thread__owner=user).select_related("attachment").order_by("pk")
    for row in rows.defer("attachment__sealed").iterator(chunk_size=50):
        yield File(f"{row.pk}-{row.attachment.name}", partial(content_of, row.attachment))


def register() -> None:
    hold(
        Alert, "Alertes", "user",
        "kind subject body link mailing created_at sent_at read_at pace withdrawn_at bounced_at abandoned_at attempts",
        {"id message_id cause digest": KEY, "user": YOURSELF, "next_try_at last_error": TECHNICAL},
    )  # fmt: skip
    hold(
        AlertCopy, "Avis envoyés à vos appareils ou à votre adresse de secours", "alert__user",
        "channel sent_at attempts abandoned_at",
        {"id alert subscription": KEY, "next_try_at last_error": TECHNICAL},
    )  # fmt: skip
    hold(AlertChoice, "Réglages des alertes", "user", "family pace push", {"id": KEY, "user": YOURSELF})
    hold(ForwardChoice, "Avis à l'adresse de secours", "user", "since last_notice_at", {"id": KEY, "user": YOURSELF})
    hold(
        PushSubscription, "Appareils prévenus", "user", "label created_at last_sent_at",
        {"id public_id": KEY, "user": YOURSELF, "endpoint p256dh auth": SECRET},
    )  # fmt: skip
    hold(
        CircularRecipient, "Correspondances reçues", "user", "circular read_at acted_at archived_at",
        {"id": KEY, "user": YOURSELF},
    )  # fmt: skip
    hold(DeadlinePerson, "Échéances", "user", "deadline done_at", {"id": KEY, "user": YOURSELF})
    hold(CalendarFeed, "Adresse d'agenda", "user", "created_at", {"id": KEY, "user": YOURSELF, "key_digest": SECRET})
    hold(BulletinRead, "Bulletins lus", "user", "bulletin read_at", {"id": KEY, "user": YOURSELF})
    hold(NewsMark, "Repère de lecture des actualités", "user", "seen_until visited_at", {"id": KEY, "user": YOURSELF})
    hold(
        SuspiciousReport, "Messages suspects signalés", "user",
        "subject sender link attachment text created_at state handled_at",
        {"id public_id group_key": KEY, "user": YOURSELF, "handled_by": STAFF},
    )  # fmt: skip
    _hold_threads()
    set_aside(
        PUBLISHED, Bulletin, Lure, Circular, CircularFile, Deadline, DeadlineMove, DeadlineNotice, HelpArticle, NewsItem
    )
    set_aside(
        "notes de travail sur un échange : demandez l'accès au délégué, qui écarte ce qui touche des tiers", ThreadNote
    )
    hold_files("echanges", joined_files)


def _hold_threads() -> None:
    hold(
        Thread, "Échanges et demandes d'assistance", "owner",
        "kind subject about_kind about_ref about_label about_link state created_at last_at due_at closed_at ticket_kind"
        " priority deadline page browser satisfaction",
        {"id public_id": KEY, "owner": YOURSELF, "assigned_to": STAFF},
    )  # fmt: skip
    hold(
        Message, "Messages des échanges", "thread__owner", "thread from_staff body created_at",
        {"id token": KEY, "author": "vous, ou un agent de l'administration (« écrit par l'administration »)"},
    )  # fmt: skip
    hold(
        MessageFile, "Pièces des échanges", "message__thread__owner", "attachment message kept_at",
        {"id public_id": KEY, "owner": "qui a joint la pièce"},
    )  # fmt: skip
    hold(
        Attachment, "Contenu des pièces des échanges", "message_file__message__thread__owner",
        "name size pages sha256 added_at",
        {"id public_id": KEY, "sealed": "contenu joint à la copie, dossier « echanges »", "added_by": "qui a joint la pièce"},
    )  # fmt: skip
