"""The application as servers and the `flask` command find it."""

from marketplace.app import create_app

app = create_app()
