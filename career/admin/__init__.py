"""The administration of careers: one module per subject, imported here so that Django finds them."""

from career.admin import establishments  # noqa: F401  (registers)
