"""No row that names a business is forgotten when its entry of the register is merged."""

from marketplace.infra.db import Model
from marketplace.wiring import MERGE

# Columns that name a business without a foreign key, because they outlive it.
WITHOUT_KEY = frozenset({"business_id", "acting_for_id"})


def naming_a_business() -> set[str]:
    """`table.column` of every column that holds the number of a business."""
    return {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if column.name in WITHOUT_KEY
        or any(key.column.table.name == "businesses" for key in column.foreign_keys)
    }


def test_every_column_that_names_a_business_has_a_rule_for_merges() -> None:
    forgotten = naming_a_business() - MERGE.keys()
    assert not forgotten, f"say in MERGE (wiring.py) what becomes of {sorted(forgotten)}"


def test_every_rule_for_merges_has_its_column() -> None:
    assert not MERGE.keys() - naming_a_business()
