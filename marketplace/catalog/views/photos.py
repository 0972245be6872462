"""A photo on its way from a form to a product, kept at once: no error elsewhere loses it."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from marketplace.catalog import services
from marketplace.catalog.forms import ProductForm
from marketplace.core.errors import InvalidInput
from marketplace.core.text import clean_text
from marketplace.infra.i18n import say
from marketplace.infra.images import prepare_photo
from marketplace.infra.storage import find_own_upload
from marketplace.infra.transaction import transaction
from marketplace.infra.web import current_actor

FIELD = "photo_token"


@dataclass(frozen=True, slots=True)
class Upload:
    """What the form knows of its photo: `token` of the picture kept so far, or what was wrong."""

    token: str = ""
    name: str = ""
    error: str = ""

    @property
    def kept(self) -> dict[str, str] | None:
        return {"name": self.name, "token": self.token, "field": FIELD} if self.token else None


def receive(form: ProductForm) -> Upload:
    """Keep the picture sent with the form; without one, remember the picture sent before."""
    sent = form.photo.data
    before = str(request.form.get(FIELD, ""))
    known = pictures_of(before)
    upload = Upload(before, _name(known[0].original_name)) if known else Upload()
    if not sent or not getattr(sent, "filename", ""):
        return upload
    try:
        photo = prepare_photo(sent.read())
    except InvalidInput as error:
        return Upload(upload.token, upload.name, say(error.msgid, error.params))
    name = _name(clean_text(sent.filename))
    with transaction():
        large, small = services.store_photo(actor=current_actor(), photo=photo, original_name=name)
        token = f"{large.token}.{small.token}"
    return Upload(token, name)


def pictures_of(token: str) -> services.Pictures | None:
    """The two pictures of an unfinished form of this person; None once a product has them."""
    large_token, _dot, small_token = token.partition(".")
    owner_id = current_actor().person_id
    large = find_own_upload(large_token, kind="photo", owner_id=owner_id)
    small = find_own_upload(small_token, kind="thumb", owner_id=owner_id)
    if large is None or small is None or large.kept or small.kept:
        return None
    return large, small


def _name(original: str) -> str:
    return original[-60:] or _("The photo")
