"""Pages of a sign-in to a service, endpoints of machines, « Services reliés »."""
