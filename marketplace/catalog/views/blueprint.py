"""The blueprint all pages of the catalogue hang on."""

from flask import Blueprint

bp = Blueprint("catalog", __name__)
