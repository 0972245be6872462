"""What a report is sent under: to whom, with which number, signed by whom, in which language."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.text import N_


class Addressee(StrEnum):
    GOVERNOR = "governor"
    MINISTRY = "ministry"


ADDRESSEE_NAMES: Mapping[Addressee, str] = {
    Addressee.GOVERNOR: N_("The Governor"),
    Addressee.MINISTRY: N_("The Minister of Micro, Small and Medium Enterprises"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """`number` is the office's own (nomor surat); empty leaves a line to write it on."""

    to: Addressee = Addressee.GOVERNOR
    number: str = ""
    signer: str = ""
    post: str = ""
    lang: str = "id"
