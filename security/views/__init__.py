"""Pages of sign-in and of the account."""
