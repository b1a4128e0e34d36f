from mobility.admin import applications, requests, results, schemes

__all__ = ["applications", "requests", "results", "schemes"]
