"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("reporting", __name__)
