"""Accounts, habilitations and the journal in the administration."""

from security.admin import abroad, accounts, habilitations, impersonations, journal  # noqa: F401  (register)
