"""Template components of the portal."""

from django import template

register = template.Library()
