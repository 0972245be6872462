"""The application as servers and the `flask` command find it."""

import os

from marketplace.app import create_app
from marketplace.infra.search import warm_up

app = create_app()

# Set for web processes by `flask serve`: commands start faster without it.
if os.environ.get("BUILD_INDEX_AT_START") == "1":
    warm_up(app)
