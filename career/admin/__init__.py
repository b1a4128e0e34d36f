"""The administration of careers: one module per subject, imported here so that Django finds them."""

from career.admin import agents, appraisals, corrections, establishments, feed, quarantine  # noqa: F401  (registers)
