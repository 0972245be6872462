"""The map of flows: where goods come from and go to, drawn from coordinates alone."""

import re

from flask import Flask, render_template_string

from marketplace.regions.documents import flow_map, spot_of
from marketplace.regions.rules import provinces

BABEL = "19"


def test_flows_of_the_same_ends_are_one_line() -> None:
    drawn = flow_map([(BABEL, "16", 40), (BABEL, "16", 60)])
    assert [(line.origin, line.to, line.value) for line in drawn.lines] == [(BABEL, "16", 100)]


def test_a_larger_flow_is_thicker_and_lies_below() -> None:
    drawn = flow_map([(BABEL, "11", 10), (BABEL, "jabodetabek", 1_000)])
    assert [line.to for line in drawn.lines] == ["jabodetabek", "11"]
    assert drawn.lines[0].width > drawn.lines[1].width > 0


def test_a_place_without_a_flow_is_shown_without_a_line() -> None:
    drawn = flow_map([(BABEL, "17", 0)])
    assert drawn.lines == ()
    assert {spot.code: spot.value for spot in drawn.spots} == {BABEL: 0, "17": 0}


def test_goods_sold_at_home_need_no_line() -> None:
    drawn = flow_map([(BABEL, BABEL, 70)])
    assert drawn.lines == ()
    assert [(spot.code, spot.value) for spot in drawn.spots] == [(BABEL, 70)]


def test_north_is_up_and_east_is_right() -> None:
    spots = {spot.code: spot for spot in flow_map([("11", "jabodetabek", 1)]).spots}
    assert spots["11"].y < spots["jabodetabek"].y
    assert spots["11"].x < spots["jabodetabek"].x


def test_every_province_has_its_place_inside_the_picture() -> None:
    drawn = flow_map([(BABEL, code, 1) for code in provinces()])
    assert {spot.code for spot in drawn.spots} == set(provinces())
    assert all(0 < s.x < drawn.width and 0 < s.y < drawn.height for s in drawn.spots)


def test_a_place_no_map_knows_is_told_not_drawn() -> None:
    drawn = flow_map([(BABEL, "other", 5), (BABEL, "18", 3)])
    assert drawn.not_drawn == ((BABEL, "other", 5),)
    assert [line.to for line in drawn.lines] == ["18"]


def test_cities_around_jakarta_are_one_place_and_others_their_province() -> None:
    assert {spot_of(code) for code in ("31.71", "32.76", "36.74", "31")} == {"jabodetabek"}
    assert spot_of("32.73") == "32"  # Bandung
    assert spot_of("16.71") == "16"
    assert spot_of("sumatera") == "sumatera"


def test_the_picture_says_in_words_what_it_shows(app: Flask) -> None:
    with app.test_request_context():
        page = render_template_string(
            "{% from '_macros/maps.html' import flow_map %}"
            "{{ flow_map(map, 'Ke mana', 'Ke Jambi') }}",
            map=flow_map([(BABEL, "15", 3)]),
        )
    named = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', page)
    assert named
    assert f'<title id="{named[1]}">Ke mana</title>' in page
    assert f'<desc id="{named[2]}">Ke Jambi</desc>' in page
    assert "style=" not in page
