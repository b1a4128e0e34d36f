"""What waits for a member of staff, on the first page of the administration as on their home page."""

from django import template
from django.utils import timezone

from iprof.home.selectors import Count, staff_counts
from security.models import User

register = template.Library()


@register.simple_tag
def figures_of_staff(user: User) -> tuple[Count, ...]:
    return staff_counts(user, on=timezone.localdate())
