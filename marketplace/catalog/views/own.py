"""Pages for those who sell: their list, adding and changing a product, its states."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import PAPER_NAMES, counts
from marketplace.catalog import policies, queries, rules, services
from marketplace.catalog.forms import ProductForm, values_of
from marketplace.catalog.models import Product
from marketplace.catalog.queries import OwnFilter
from marketplace.catalog.rules import ProductState
from marketplace.catalog.views import photos, shown
from marketplace.catalog.views.blueprint import bp
from marketplace.commodities.queries import suggest_categories
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, DomainError, InvalidInput
from marketplace.infra.errors import status_of
from marketplace.infra.forms import version_of
from marketplace.infra.i18n import say, show_date
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, remember_form, sent_before


def _own_producers() -> list[Business]:
    """The producers this person may add products to; the one they act for stands alone."""
    actor = current_actor()
    ids = [actor.acting_for] if actor.acting_for else sorted(actor.producer_ids)
    found = [businesses.get_business(number) for number in ids if number]
    return [one for one in found if policies.may_manage_products_of(actor, one)]


@bp.get("/my-products")
@allow(policies.may_list_own_products)
def list_own_products() -> ResponseReturnValue:
    producers = _own_producers()
    if not producers:
        abort(404)
    wanted = OwnFilter.of(request.args)
    ids = [one.id for one in producers]
    return render_template(
        "catalog/list_own_products.html",
        page=queries.page_of_own_products(ids, wanted, number=page_number()),
        counts=queries.count_by_state(ids),
        wanted=wanted,
        producers=producers,
        shown=shown,
        ProductState=ProductState,
    )


@bp.get("/area-products")
@allow(policies.may_list_area_products)
def list_area_products() -> ResponseReturnValue:
    """Products of the producers an office answers for, in every state."""
    actor = current_actor()
    wanted = OwnFilter.of(request.args)
    return render_template(
        "catalog/list_area_products.html",
        page=queries.page_of_area_products(actor.scope, wanted, number=page_number()),
        wanted=wanted,
        shown=shown,
        ProductState=ProductState,
    )


# --- adding and changing --------------------------------------------------------------------------


@bp.route("/my-products/new", methods=["GET", "POST"])
@allow(policies.may_list_own_products)
def create_product() -> ResponseReturnValue:
    producers = _own_producers()
    wanted = request.args.get("business", "")
    chosen = [one for one in producers if str(one.id) == wanted] if wanted else producers
    if not chosen:
        abort(404)
    if len(chosen) > 1:
        return render_template("catalog/choose_producer.html", producers=chosen)
    business = chosen[0]
    form = _form_for(business)
    if request.method == "GET":
        return _form_page(form, business, None, photos.Upload())
    return _receive(form, business, None)


@bp.get("/my-products/category")
@allow(policies.may_list_own_products)
def suggest_category() -> ResponseReturnValue:
    """The choices a name suggests, for a script that asks while the form is being filled in."""
    form = ProductForm(formdata=None)
    form.suggest(suggest_categories(request.args.get("name", "")))
    return render_template("catalog/suggest_category.html", form=form)


@bp.route("/my-products/<int:product_id>/edit", methods=["GET", "POST"])
@allow(policies.may_edit_product, queries.get_product)
def edit_product(product_id: int) -> ResponseReturnValue:
    product = queries.get_product(product_id)
    if product.state is ProductState.WITHDRAWN:
        flash(_("A withdrawn product cannot be changed. Add a new one."), "warning")
        return redirect(url_for(".show_product", product_id=product_id))
    form = _form_for(product.business, product)
    if request.method == "GET":
        return _form_page(form, product.business, product, photos.Upload())
    return _receive(form, product.business, product)


def _form_for(business: Business, product: Product | None = None) -> ProductForm:
    own_province = business.region_code.partition(".")[0]
    places = [own_province]
    papers = {paper.id: paper for paper in queries.list_product_papers(business.id)}
    data = None
    if product is not None:
        places += [word for word in rules.split(product.zones) if word != own_province]
        # A paper refused since stays ticked and named, so that saving does not drop it unseen.
        papers |= {link.paper_id: link.paper for link in product.paper_links}
        data = values_of(services.draft_of(product), product.version)
    return ProductForm(
        data=data,
        papers=[(number, _paper_label(paper)) for number, paper in sorted(papers.items())],
        places=places,
    )


def _paper_label(paper: Paper) -> str:
    label = f"{say(PAPER_NAMES[paper.kind])} {paper.number}"
    if not counts(paper.state, paper.valid_to, today()):
        return str(_("%(paper)s (does not count any longer)", paper=label))
    if paper.valid_to is None:
        return label
    return str(_("%(paper)s, valid until %(day)s", paper=label, day=show_date(paper.valid_to)))


def _receive(form: ProductForm, business: Business, product: Product | None) -> ResponseReturnValue:
    if (before := sent_before(form)) is not None:
        return redirect(before)
    product_id, business_id = (product.id if product else None), business.id
    upload = photos.receive(form)
    if "suggest" in request.form:
        form.keep_choice()
        form.suggest(suggest_categories(form.name.data or ""))
        return _form_page(form, _again(business_id), _product(product_id), upload)
    publish = "publish" in request.form
    valid = form.validate()
    if upload.error:
        form.photo.errors = [*form.photo.errors, upload.error]
    status = 422
    if valid and not upload.error:
        try:
            return _save(form, business_id, product_id, upload.token, publish)
        except InvalidInput as error:
            form.refuse(error)
        except Conflict as error:
            status = _show_conflict(form, error, product_id)
        except DomainError as error:
            form.form_errors.append(say(error.msgid, error.params))
            status = status_of(error)
    form.keep_choice()
    if not form.category.data:
        form.suggest(suggest_categories(form.name.data or ""))
    return _form_page(form, _again(business_id), _product(product_id), upload, status)


def _save(
    form: ProductForm, business_id: int, product_id: int | None, token: str, publish: bool
) -> ResponseReturnValue:
    actor, draft = current_actor(), form.draft()
    with transaction():
        pictures = photos.pictures_of(token) if token else None
        if product_id is None:
            product_id = services.add_product(
                actor=actor,
                business=businesses.get_business(business_id),
                draft=draft,
                publish=publish,
                pictures=pictures,
            ).id
        else:
            services.change_product(
                actor=actor,
                product=queries.get_product(product_id),
                draft=draft,
                version=_version(form),
                publish=publish,
                pictures=pictures,
            )
        location = remember_form(form, url_for(".show_product", product_id=product_id))
    if publish:
        flash(_("Published. Everybody can find the product now."))
    else:
        flash(_("Saved."))
    return redirect(location)


def _version(form: ProductForm) -> int:
    """The version the person had before their eyes; nonsense is a version that never was."""
    return version_of(form.version.data)


def _show_conflict(form: ProductForm, error: Conflict, product_id: int | None) -> int:
    """What was typed stays; saving once more is then a decision, not an accident."""
    form.form_errors.append(say(error.msgid, error.params))
    known = _product(product_id)
    if known is not None:
        form.version.data = str(known.version)
    return status_of(error)


def _again(business_id: int) -> Business:
    return businesses.get_business(business_id)


def _product(product_id: int | None) -> Product | None:
    return None if product_id is None else queries.get_product(product_id)


def _form_page(
    form: ProductForm,
    business: Business,
    product: Product | None,
    upload: photos.Upload,
    status: int = 200,
) -> ResponseReturnValue:
    name = "create_product" if product is None else "edit_product"
    page = render_template(
        f"catalog/{name}.html",
        form=form,
        business=business,
        product=product,
        kept=upload.kept,
        shown=shown,
        person_id=current_actor().person_id,
        papers_url=_papers_url(business),
    )
    return page, status


def _papers_url(business: Business) -> str | None:
    """Where a paper of the business is added: a page of the room that keeps papers."""
    endpoint = "businesses.add_paper"
    if not shown.has_endpoint(endpoint):
        return None
    return url_for(endpoint, business_id=business.id)


# --- states ---------------------------------------------------------------------------------------


@bp.post("/my-products/<int:product_id>/publish")
@allow(policies.may_edit_product, queries.get_product)
def publish_product(product_id: int) -> ResponseReturnValue:
    """Publish a draft, or take a paused product up again."""
    try:
        with transaction():
            services.publish_product(actor=current_actor(), product=queries.get_product(product_id))
    except InvalidInput as error:
        product = queries.get_product(product_id)
        form = _form_for(product.business, product)
        form.refuse(error)
        form.suggest(suggest_categories(product.name) if not product.category_code else [])
        return _form_page(form, product.business, product, photos.Upload(), 422)
    flash(_("Published. Everybody can find the product now."))
    return redirect(url_for(".show_product", product_id=product_id))


@bp.post("/my-products/<int:product_id>/pause")
@allow(policies.may_edit_product, queries.get_product)
def pause_product(product_id: int) -> ResponseReturnValue:
    with transaction():
        services.pause_product(actor=current_actor(), product=queries.get_product(product_id))
    flash(_("Paused. Nobody finds the product until you publish it again."))
    return redirect(url_for(".show_product", product_id=product_id))


@bp.route("/my-products/<int:product_id>/withdraw", methods=["GET", "POST"])
@allow(policies.may_edit_product, queries.get_product)
def withdraw_product(product_id: int) -> ResponseReturnValue:
    """Asks first: a withdrawn product does not come back."""
    product = queries.get_product(product_id)
    if request.method == "GET":
        return render_template("catalog/withdraw_product.html", product=product)
    with transaction():
        services.withdraw_product(actor=current_actor(), product=queries.get_product(product_id))
    flash(_("Withdrawn. The product is out of the catalogue for good."))
    return redirect(url_for(".show_product", product_id=product_id))
