"""The blueprint of the room."""

from flask import Blueprint

bp = Blueprint("programs", __name__)
