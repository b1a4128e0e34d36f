from mobility.admin import applications, campaigns, requests, results, schemes

__all__ = ["applications", "campaigns", "requests", "results", "schemes"]
