"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("readiness", __name__)
