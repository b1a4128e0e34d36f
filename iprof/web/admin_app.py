"""Loaded before the models are: it only names the site."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "iprof.web.admin_site.PortalAdminSite"
