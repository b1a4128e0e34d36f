"""The SIAE feed: contract, checks, inbox, application, quarantine. See docs/contracts/siae.md."""
