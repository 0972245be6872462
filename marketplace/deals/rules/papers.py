"""Papers a deal prints: which there are, and what they are called."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from marketplace.core.text import N_


class DealPaper(StrEnum):
    AGREEMENT = "agreement"
    PURCHASE_ORDER = "purchase-order"
    DELIVERY_NOTE = "delivery-note"
    STATEMENT = "statement"
    RECEIPT = "receipt"


PAPER_NAMES: Mapping[DealPaper, str] = MappingProxyType(
    {
        DealPaper.AGREEMENT: N_("Partnership agreement"),
        DealPaper.PURCHASE_ORDER: N_("Purchase order"),
        DealPaper.DELIVERY_NOTE: N_("Delivery note"),
        DealPaper.STATEMENT: N_("Consignment statement"),
        DealPaper.RECEIPT: N_("Receipt"),
    }
)
FILE_NAMES: Mapping[DealPaper, str] = MappingProxyType(
    {
        DealPaper.AGREEMENT: "perjanjian",
        DealPaper.PURCHASE_ORDER: "pesanan",
        DealPaper.DELIVERY_NOTE: "surat-jalan",
        DealPaper.STATEMENT: "laporan-titip-jual",
        DealPaper.RECEIPT: "kuitansi",
    }
)
