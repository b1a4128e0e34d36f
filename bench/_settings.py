"""The portal as `run.py` serves it, with two plain pages beside it to compare with."""

import os

from iprof.settings.dev import *  # noqa: F403
from iprof.settings.dev import BASE_DIR, MIDDLEWARE, PASSWORD_HASHERS, TEMPLATES

ROOT_URLCONF = "bench._urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "bench" / "templates"]
PASSWORD_HASHERS = [os.environ.get("BENCH_HASHER", PASSWORD_HASHERS[0])]
if os.environ.get("BENCH_LAYERS"):
    from bench import _layers

    _layers.install()
    MIDDLEWARE = ["bench._layers.Layers", *MIDDLEWARE]
