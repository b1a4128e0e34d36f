"""Accounts, habilitations and the journal in the administration."""

from security.admin import accounts, habilitations, journal  # noqa: F401  (register)
