"""The application as servers and the `flask` command find it."""

import gc
import os

# What is imported stays: to look for garbage among it took a fifth of the time a command needs to
# begin, and would again each time a server looks.
gc.disable()

from marketplace.app import create_app  # noqa: E402
from marketplace.infra.search import warm_up  # noqa: E402

app = create_app()
gc.freeze()
gc.enable()

# Set for web processes by `flask serve`: commands start faster without it.
if os.environ.get("BUILD_INDEX_AT_START") == "1":
    warm_up(app)
