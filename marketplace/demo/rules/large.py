"""The large set for load and speed work: the small set's goods, multiplied and varied.

Row n of each part depends on the seed and n alone, so the parts can be read in any order and in
batches, and refs agree between them without a table in memory.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random

from marketplace.businesses.rules import OutletFormat, PaperKind, PaperState
from marketplace.catalog.rules import HalalClaim, ProductState
from marketplace.commodities.rules import SpellingKind, categories, is_food_or_drink, spellings
from marketplace.demo.rules.dataset import STORY_NEED, STORY_PRODUCER, dataset, paper_number
from marketplace.demo.rules.records import (
    DemoBranch,
    DemoNeed,
    DemoNeedLine,
    DemoOutlet,
    DemoPaper,
    DemoProducer,
    DemoProduct,
    DemoStream,
)
from marketplace.regions.rules import HOME_PROVINCE, Zone, regencies

_FIRST_WORDS = (
    "Sinar Cahaya Mutiara Bintang Surya Karya Sumber Rasa Dapur Kampung Pesisir Pantai Bukit Lembah"
    " Rimba Teluk Tanjung Batu Pasir Embun Fajar Senja Pelangi Melati Kenanga Cempaka Anggrek"
    " Merpati Camar Elang Layar Jangkar Perahu Nelayan Kebun Ladang Lumbung Bunda Ibu Mak Nek Bude"
    " Paman Saudara Keluarga Sahabat Mitra Warga Desa Kota Pulau Ombak Karang Mercu Pelita"
)
_SECOND_WORDS = (
    "Jaya Makmur Abadi Sejahtera Lestari Mandiri Bersama Utama Baru Indah Sentosa Barokah Sari Asri"
    " Murni Alami Gurih Manis Harum Segar Emas Perak Biru Hijau Putih Timur Barat Utara Selatan"
    " Tengah Rahayu Mulia Sakti Setia Rukun Damai Bahagia Ceria Berkah Unggul Perdana Pertama"
)
_FIRST = tuple(_FIRST_WORDS.split())
_SECOND = tuple(_SECOND_WORDS.split())
_VARIANTS = ("", "", "", "original", "pedas", "premium", "super", "spesial", "asli", "hemat")
_FORMATS = tuple(OutletFormat)
_WORD = re.compile(r"[a-z]+")


def large(
    seed: int,
    today: date,
    *,
    producers: int = 3_000,
    products: int = 20_000,
    outlets: int = 2_000,
    needs: int = 10_000,
) -> DemoStream:
    """As many of each as asked; the same arguments give the same rows."""
    plan = _Plan(seed, today, producers, outlets)
    return DemoStream(
        producers=(plan.producer(n) for n in range(producers)),
        products=(plan.product(n) for n in range(products)),
        papers=plan.papers(products),
        outlets=(plan.outlet(n) for n in range(outlets)),
        needs=(plan.need(n) for n in range(needs)),
    )


@cache
def _regions(zone: str) -> tuple[str, ...]:
    if zone == HOME_PROVINCE:
        return tuple(code for code in regencies() if code.startswith(f"{HOME_PROVINCE}."))
    return tuple(code for code, regency in regencies().items() if regency.zone == zone)


@cache
def _written_otherwise() -> dict[str, tuple[str, ...]]:
    """How else people write a word: searches in the large set must meet krupuk and trasi too."""
    others: dict[str, tuple[str, ...]] = {}
    for spelling in spellings():
        if spelling.kind is not SpellingKind.ABBREVIATION and " " not in spelling.written:
            others[spelling.means] = (*others.get(spelling.means, ()), spelling.written)
    return others


def _respell(text: str, chance: Random) -> str:
    def other(match: re.Match[str]) -> str:
        ways = _written_otherwise().get(match[0])
        return chance.choice(ways) if ways and chance.random() < 0.2 else match[0]

    return _WORD.sub(other, text.lower())


def _around(value: int, chance: Random, low: float, high: float, step: int = 1) -> int:
    return max(step, round(value * chance.uniform(low, high) / step) * step)


def _near(value: int | None, chance: Random, low: float, high: float, step: int = 1) -> int | None:
    return None if value is None else _around(value, chance, low, high, step)


class _Plan:
    """Makes row n of each part from the seed, the small set as templates and n."""

    def __init__(self, seed: int, today: date, producers: int, outlets: int) -> None:
        self._seed = seed
        self._today = today
        self._producers = producers
        self._outlets = outlets
        small = dataset(today)
        self._product_templates = tuple(p for p in small.products if p.producer != STORY_PRODUCER)
        self._need_templates = tuple(n for n in small.needs if n.ref != STORY_NEED)

    def _chance(self, part: int, n: int) -> Random:
        return Random(f"{self._seed}/{part}/{n}")

    def producer(self, n: int) -> DemoProducer:
        chance = self._chance(1, n)
        zone = chance.choices((HOME_PROVINCE, Zone.SUMATERA, Zone.OTHER), (50, 30, 20))[0]
        name = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {n + 1}"
        return DemoProducer(
            ref=_producer_ref(n),
            name=name,
            region_code=chance.choice(_regions(zone)),
            address=f"Jalan Contoh No. {n + 1}",
            about="Data contoh. Usaha karangan untuk uji beban.",
            contact_name=f"Nama Contoh {n + 1}",
            phone=f"+62812010{n:05d}",
            nib=self._nib(n),
            yearly_sales=chance.randrange(50, 2_500) * 1_000_000,
            yearly_sales_on=date(self._today.year - 1, 12, 31),
            working_capital=chance.randrange(5, 150) * 1_000_000,
        )

    def product(self, n: int) -> DemoProduct:
        chance = self._chance(2, n)
        template = chance.choice(self._product_templates)
        brand = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)}"
        name = template.name.replace(template.brand, f"{chance.choice(_VARIANTS)} {brand}")
        name = " ".join(_respell(name, chance).split())
        price = _around(template.price, chance, 0.8, 1.25, 500)
        least = _near(template.min_order, chance, 0.5, 2)
        return replace(
            template,
            ref=_product_ref(n),
            producer=_producer_ref(n % self._producers),
            name=name[0].upper() + name[1:],
            brand=brand,
            price=price,
            min_order=least,
            capacity_per_month=_near(template.capacity_per_month, chance, 0.3, 2.5, 10),
            shelf_life_days=_near(template.shelf_life_days, chance, 0.7, 1.3),
            lead_days=_near(template.lead_days, chance, 0.6, 1.6),
            price_breaks=(
                ((max(least, 2) * 10, max(500, price * 93 // 100)),)
                if least and template.price_breaks
                else ()
            ),
            state=ProductState.PUBLISHED,
        )

    def papers(self, products: int) -> Iterator[DemoPaper]:
        """A NIB for every producer, and for most products what their category asks."""
        for n in range(self._producers):
            yield self._paper(n, PaperKind.NIB, self._nib(n), None, ())
        for n in range(products):
            yield from self._product_papers(n)

    def _product_papers(self, n: int) -> Iterator[DemoPaper]:
        product = self.product(n)
        if not is_food_or_drink(product.category_code):
            return
        chance = self._chance(3, n)
        owner = n % self._producers
        category = categories()[product.category_code]
        covers = (product.ref,)
        days_left = chance.randrange(-60, 1_700)
        if category.needs_md and chance.random() < 0.7:
            yield self._paper(owner, PaperKind.MD, f"MD2{n:014d}", days_left, covers)
        elif category.pirt_food_type and chance.random() < 0.85:
            region = self.producer(owner).region_code.replace(".", "")
            serial = f"{n // self._producers % 100:02d}{owner % 10_000:04d}"
            stem = f"2{category.pirt_food_type}{region}{serial}"
            yield self._paper(owner, PaperKind.PIRT, stem, days_left, covers)
        if product.halal_claim is HalalClaim.HALAL and chance.random() < 0.75:
            yield self._paper(owner, PaperKind.HALAL, f"ID{19 * 10**11 + n:013d}", None, covers)

    def _paper(
        self, owner: int, kind: PaperKind, stem: str, days_left: int | None, covers: tuple[str, ...]
    ) -> DemoPaper:
        chance = self._chance(4, int(re.sub(r"\D", "", stem)))
        valid_to = None if days_left is None else self._today + timedelta(days=days_left)
        age = 1_825 - days_left if days_left is not None else chance.randrange(30, 1_500)
        valid_from = self._today - timedelta(days=age)
        number = paper_number(kind, stem, valid_from, valid_to)
        state = PaperState.VERIFIED if chance.random() < 0.85 else PaperState.ENTERED
        ref = f"{_producer_ref(owner)}-{kind}-{number}"
        producer = _producer_ref(owner)
        return DemoPaper(ref, producer, kind, number, valid_from, valid_to, state, covers)

    def outlet(self, n: int) -> DemoOutlet:
        chance = self._chance(5, n)
        places = _regions(Zone.JABODETABEK) + _regions(Zone.SUMATERA)
        count = chance.randrange(2, 9) if n % 5 == 0 else 1
        branches = tuple(
            DemoBranch(
                name=f"Cabang {k + 1}",
                region_code=chance.choice(places),
                address=f"Jalan Cabang Contoh No. {k + 1}",
                stores=chance.choice((1, 1, 1, 2, 5, 20)) if count > 1 else 1,
            )
            for k in range(count)
        )
        return DemoOutlet(
            ref=_outlet_ref(n),
            name=f"Toko {chance.choice(_FIRST)} {chance.choice(_SECOND)} {n + 1}",
            outlet_format=chance.choice(_FORMATS),
            is_chain=count > 1,
            region_code=branches[0].region_code,
            address=f"Jalan Niaga Contoh No. {n + 1}",
            about="Data contoh. Gerai karangan untuk uji beban.",
            contact_name=f"Nama Contoh {n + 1}",
            phone=f"+62813010{n:05d}",
            branches=branches,
        )

    def need(self, n: int) -> DemoNeed:
        chance = self._chance(6, n)
        template = chance.choice(self._need_templates)
        outlet = self.outlet(n % self._outlets)
        volumes = [line.volume_per_month for line in template.lines]
        title = f"{_respell(template.title, chance)} {chance.choice(_VARIANTS)}".strip()
        return replace(
            template,
            ref=f"big-n{n:05d}",
            outlet=outlet.ref,
            title=title[0].upper() + title[1:],
            ceiling_price=_near(template.ceiling_price, chance, 0.85, 1.3, 100),
            needed_on=self._today + timedelta(days=chance.randrange(10, 120)),
            lines=tuple(
                DemoNeedLine(
                    branch=branch.name,
                    region_code=branch.region_code,
                    volume_per_month=_near(chance.choice(volumes), chance, 0.4, 1.6),
                )
                for branch in outlet.branches
            ),
        )

    def _nib(self, n: int) -> str:
        return f"95{self._seed % 100:02d}{n:09d}"


def _producer_ref(n: int) -> str:
    return f"big-u{n:05d}"


def _product_ref(n: int) -> str:
    return f"big-p{n:05d}"


def _outlet_ref(n: int) -> str:
    return f"big-g{n:05d}"
