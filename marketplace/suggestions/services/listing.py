"""Match a list of names against what is on offer."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from marketplace.catalog import queries as catalog
from marketplace.core.errors import InvalidInput
from marketplace.core.sheets import Cell, Column, known_headers, match_headers
from marketplace.core.text import LINE_MAX, N_, clean_text
from marketplace.infra import search, storage
from marketplace.infra.i18n import say
from marketplace.infra.jobs import Job
from marketplace.infra.workbooks import read_sheet
from marketplace.matching import Need

NAMES_MAX = 20_000
BATCH = 50
PER_NAME = 3

NAME_COLUMN = Column(
    "title",
    N_("Name"),
    synonyms=("Nama", "Nama Barang", "Nama Produk", "Produk", "Barang", "product_name", "Item"),
    required=True,
)


def read_names(data: bytes, pasted: str) -> list[str]:
    """The names of a file's name column (or its only one), or the pasted lines."""
    if data:
        sheet = read_sheet(data, is_known=known_headers([NAME_COLUMN]))
        match = match_headers(sheet.headers, [NAME_COLUMN])
        index = match.found.get("title", 0 if len(sheet.headers) == 1 else None)
        if index is None:
            raise InvalidInput(N_("No column holds names. Call the column “Nama” and try again."))
        found = [clean_text(str(row[index] or "")) for row in sheet.rows]
    else:
        found = [clean_text(line) for line in pasted.splitlines()]
    names = list(dict.fromkeys(name[:LINE_MAX] for name in found if name))
    if not names:
        raise InvalidInput(N_("The list is empty: choose a file or paste names."))
    if len(names) > NAMES_MAX:
        raise InvalidInput(N_("At most %(limit)s names at once, please."), limit=NAMES_MAX)
    return names


def names_as_bytes(names: Sequence[str]) -> bytes:
    return json.dumps(list(names), ensure_ascii=False).encode()


def match_names(names: Sequence[str], progress: Callable[[int, int], None]) -> list[dict[str, Any]]:
    """For each name up to three offers, best first, and whether the engine is sure enough."""
    rows: list[dict[str, Any]] = []
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        with search.engine() as engine:
            ranked = [
                engine.rank(Need(id=str(start + offset), title=name), top=PER_NAME).pairings
                for offset, name in enumerate(batch)
            ]
        ids = {int(pairing.offer_id) for pairings in ranked for pairing in pairings}
        products = {product.id: product for product in catalog.products_by_ids(sorted(ids))}
        for name, pairings in zip(batch, ranked, strict=True):
            # The model's own doubt decides what is listed as a hit; the rest is offered as a guess.
            surest = sorted(pairings, key=lambda pairing: -pairing.confidence)
            offers = [
                {
                    "product_id": product.id,
                    "name": product.name,
                    "producer": product.business.name,
                    "region": product.business.region_code,
                    "price": product.price,
                    "unit": product.unit,
                    "confidence": pairing.confidence,
                    "matched": pairing.matched,
                }
                for pairing in surest
                if (product := products.get(int(pairing.offer_id))) is not None
            ]
            matched = any(offer["matched"] for offer in offers)
            rows.append({"name": name, "matched": matched, "offers": offers})
        progress(min(start + BATCH, len(names)), len(names))
    return rows


def read_result(job: Job) -> list[dict[str, Any]]:
    stored = storage.get_file(str(job.result["file"]))
    rows: list[dict[str, Any]] = json.loads(storage.read_file(stored))
    return rows


def result_table(job: Job) -> tuple[list[Column], list[list[Cell]]]:
    """The result as a table: one row a name and offer, "no match" where nothing is sure."""
    columns = [
        Column("name", say(N_("Name"))),
        Column("matched", say(N_("Match"))),
        Column("offer", say(N_("Product"))),
        Column("producer", say(N_("Producer"))),
        Column("price", say(N_("Price"))),
        Column("unit", say(N_("Unit"))),
        Column("confidence", say(N_("Sure (%)"))),
    ]
    rows: list[list[Cell]] = []
    for row in read_result(job):
        if not row["matched"]:
            # The nearest goods stand beside "no match": a person may see what a model does not.
            nearest = row["offers"][:1]
            rows.append([row["name"], say(N_("no match")), *_told(nearest[0] if nearest else None)])
            continue
        rows.extend(
            [
                row["name"],
                say(N_("yes")) if offer["matched"] else say(N_("perhaps")),
                *_told(offer),
            ]
            for offer in row["offers"]
        )
    return columns, rows


def _told(offer: dict[str, Any] | None) -> list[Cell]:
    if offer is None:
        return ["", "", None, "", None]
    sure = round(offer["confidence"] * 100)
    return [offer["name"], offer["producer"], offer["price"], offer["unit"], sure]
