"""Every text people read is complete in Indonesian."""

import pytest
from babel.messages.catalog import Catalog

from tools import catalogs


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return catalogs.extract()


@pytest.fixture(scope="module")
def indonesian() -> Catalog:
    return catalogs.read(catalogs.INDONESIAN)


def test_every_text_has_an_indonesian_translation(texts: Catalog, indonesian: Catalog) -> None:
    missing = [message.id for message in catalogs.untranslated(texts, indonesian)]
    assert missing == [], "translate these in marketplace/translations (make catalogs lists them)"


def test_translations_keep_the_placeholders(indonesian: Catalog) -> None:
    wrong = {
        str(message.id): [str(error) for error in message.check()]
        for message in indonesian
        if message.id and list(message.check())
    }
    assert wrong == {}


def test_no_translation_is_left_of_a_text_that_went(texts: Catalog, indonesian: Catalog) -> None:
    dead = [message.id for message in indonesian if message.id and message.id not in texts]
    assert dead == [], "make catalogs drops these"


def test_the_form_library_is_translated_whole() -> None:
    import wtforms.i18n

    with open(f"{wtforms.i18n.messages_path()}/wtforms.pot", "rb") as handle:
        theirs = catalogs.read_po(handle)
    ours = catalogs.read(catalogs.TRANSLATIONS / "wtforms" / "id" / "LC_MESSAGES" / "wtforms.po")
    assert [message.id for message in catalogs.untranslated(theirs, ours)] == []
