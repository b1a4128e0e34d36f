from mobility.admin import answers, applications, campaigns, requests, results, schemes

__all__ = ["answers", "applications", "campaigns", "requests", "results", "schemes"]
