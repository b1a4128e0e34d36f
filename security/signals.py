"""What happens to an account, told inside the transaction that does it: other apps warn the person in the same breath."""

from django.dispatch import Signal

# kwargs: user (the account concerned), kind (an AccountChange)
account_changed = Signal()
# kwargs: user (whose account an administrator has just closed)
account_closed = Signal()
