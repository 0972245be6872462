"""Random small markets for property tests: offers and needs with anything known or unknown."""

from datetime import date, timedelta

from hypothesis import strategies as st

from marketplace.core.quantity import Kind, Quantity
from marketplace.matching import HeldPaper, Need, NeedLine, Offer, PriceBreak

TODAY = date(2026, 11, 23)
WORDS = ["kemplang", "krupuk", "kerupuk", "getas", "panggang", "goreng", "ikan", "tenggiri"]
WORDS += ["otak-otak", "beku", "250g", "500g", "bangka"]
REGIONS = ["", "19.71", "19.01", "31.71", "16.71", "73.71"]

titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
unknown = st.none()
packs = unknown | st.sampled_from(
    [Quantity(250, Kind.MASS), Quantity(500, Kind.MASS), Quantity(12, Kind.COUNT)]
)
units = st.sampled_from(["", "pcs", "bungkus", "kg", "karton", "lusin"])
categories = st.sampled_from(["", "kemplang", "getas", "otak-otak", "batik", "camilan", "bakso"])
days = unknown | st.integers(-30, 60).map(lambda count: TODAY + timedelta(days=count))
held = st.builds(
    HeldPaper, st.sampled_from(["pirt", "md", "halal", "gs1"]), st.booleans(), valid_to=days
)


def offers(number: int) -> st.SearchStrategy[Offer]:
    return st.builds(
        Offer,
        id=st.just(f"o{number}"),
        title=titles,
        description=st.just("") | titles,
        category=categories,
        brand=st.sampled_from(["", "obor", "lonceng"]),
        price=unknown | st.integers(0, 200_000),
        price_breaks=st.lists(
            st.builds(PriceBreak, st.integers(1, 100), st.integers(1, 100_000)), max_size=2
        ).map(tuple),
        unit=units,
        pack=packs,
        region=st.sampled_from(REGIONS),
        zones=st.frozensets(
            st.sampled_from(["jabodetabek", "sumatera", "19", "31.71"]), max_size=2
        ),
        papers=st.lists(held, max_size=3).map(tuple),
        papers_known=st.booleans(),
        papers_told=st.frozensets(st.sampled_from(["pirt", "md", "halal"])),
        declared_not_halal=st.booleans(),
        capacity_per_month=unknown | st.integers(0, 500),
        min_order=unknown | st.integers(1, 200),
        shelf_life_days=unknown | st.integers(1, 365),
        storage=st.sampled_from(["", "ambient", "chilled", "frozen"]),
        lead_days=unknown | st.integers(0, 30),
        terms=st.frozensets(st.sampled_from(["outright", "days", "days:14", "consignment"])),
        working_capital=unknown | st.integers(0, 10_000_000),
        size_class=st.sampled_from(["", "micro", "small", "medium"]),
    )


lines = st.lists(
    st.tuples(st.sampled_from(REGIONS), unknown | st.integers(0, 500)), max_size=4
).map(lambda rows: tuple(NeedLine(str(i), *row) for i, row in enumerate(rows)))
needs = st.builds(
    Need,
    id=st.just("n"),
    title=titles,
    category=categories,
    brand=st.sampled_from(["", "obor"]),
    unit=units,
    pack=packs,
    max_price=unknown | st.integers(0, 300_000),
    lines=lines,
    papers_required=st.frozensets(st.sampled_from(["pirt", "halal", "gs1"]), max_size=2),
    min_shelf_life_days=unknown | st.integers(1, 200),
    terms=st.sampled_from(["", "outright", "days:30", "consignment"]),
    storage=st.sampled_from(["", "ambient", "chilled", "frozen"]),
    needed_on=days,
    min_share_percent=unknown | st.integers(1, 100),
)
catalogues = st.integers(1, 8).flatmap(lambda count: st.tuples(*(offers(i) for i in range(count))))
