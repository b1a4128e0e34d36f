"""The portal as `run.py` serves it, with two plain pages beside it to compare with."""

from iprof.settings.dev import *  # noqa: F403
from iprof.settings.dev import BASE_DIR, TEMPLATES

ROOT_URLCONF = "bench._urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "bench" / "templates"]
