"""Tables in and out: uploaded workbooks read safely, downloads written harmlessly."""

from marketplace.infra.workbooks.reading import LIMITS, Limits, read_sheet
from marketplace.infra.workbooks.writing import Leaf, write_book, write_csv, write_xlsx

__all__ = ["LIMITS", "Leaf", "Limits", "read_sheet", "write_book", "write_csv", "write_xlsx"]
