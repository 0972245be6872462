"""Tables in and out: uploaded workbooks read safely, downloads written harmlessly."""

from marketplace.infra.workbooks.reading import LIMITS, Limits, read_sheet
from marketplace.infra.workbooks.writing import write_csv, write_xlsx

__all__ = ["LIMITS", "Limits", "read_sheet", "write_csv", "write_xlsx"]
