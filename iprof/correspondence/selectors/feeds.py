"""Who the secret address of a calendar belongs to."""

from django.conf import settings

from iprof.correspondence.models import CalendarFeed
from iprof.web.crypto import keyed_digest
from security.models import User

FEED_CONTEXT = "calendar.feed"


def feed_digest(token: str) -> str:
    """What is kept of the secret of a feed; its key never changes, a calendar being subscribed to for years."""
    return keyed_digest(token, context=FEED_CONTEXT, key=settings.STABLE_KEY)


def feed_owner(token: str) -> User | None:
    """Whose calendar a secret opens; None once revoked, and for a closed account. One query."""
    feed = (
        CalendarFeed.objects.select_related("user").filter(key_digest=feed_digest(token), user__is_active=True).first()
    )
    return feed.user if feed else None


def feed_of(user: User) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(user_id=user.pk).first()
