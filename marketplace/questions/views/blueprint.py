"""The blueprint all pages of the room hang on."""

from flask import Blueprint

bp = Blueprint("questions", __name__)
