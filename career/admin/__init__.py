"""The administration of careers: one module per subject, imported here so that Django finds them."""

from career.admin import (  # noqa: F401  (registers)
    agents,
    appraisals,
    corrections,
    establishments,
    factor_losses,
    feed,
    quarantine,
    threads,
)
