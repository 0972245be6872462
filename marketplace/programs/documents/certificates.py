"""Certificates as PDF, in Indonesian whoever prints them, each with the mark that proves it."""

from collections.abc import Sequence

from flask import url_for

from marketplace.core.text import N_
from marketplace.infra.i18n import in_language, say, show_date, show_number
from marketplace.infra.links import public_url, sign
from marketplace.infra.pdf import Diploma, write_diplomas
from marketplace.programs.models import Certificate, Training

PURPOSE = "training-certificate"
FILE_NAME = "sertifikat"


def check_link(certificate: Certificate) -> str:
    """The page that says whether it is genuine and whether it still holds."""
    token = sign(PURPOSE, [certificate.id])
    return public_url(url_for("programs.check_certificate", token=token))


def pdf_of(training: Training, certificates: Sequence[Certificate]) -> bytes:
    """One page each, in the order given, all in one file."""
    program = training.program
    with in_language("id"):
        days = show_date(program.starts_on)
        if program.ends_on != program.starts_on:
            days = f"{days} – {show_date(program.ends_on)}"
        return write_diplomas(
            [
                Diploma(
                    title=say(N_("Certificate")),
                    office=program.office.name,
                    number=one.number,
                    lead=say(N_("given to")),
                    name=one.name,
                    lines=(
                        say(N_("for taking part in the training")),
                        program.title,
                        say(
                            N_("%(subject)s, %(days)s, %(place)s"),
                            {
                                "subject": training.subject,
                                "days": days,
                                "place": program.place or program.organiser,
                            },
                        ),
                        say(
                            N_("Sessions attended: %(attended)s of %(sessions)s."),
                            {
                                "attended": show_number(one.attended),
                                "sessions": show_number(one.sessions),
                            },
                        ),
                    ),
                    signer=(show_date(one.issued_on), program.organiser),
                    void=say(N_("Revoked")) if one.revoked_at is not None else "",
                    check=say(N_("Scan this code to see whether this certificate is genuine.")),
                    url=check_link(one),
                )
                for one in certificates
            ]
        )
