from mobility.admin import applications, schemes

__all__ = ["applications", "schemes"]
