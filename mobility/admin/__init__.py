from mobility.admin import applications, requests, schemes

__all__ = ["applications", "requests", "schemes"]
