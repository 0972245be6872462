"""The map of flows as an SVG that carries its own colours: a paper has no style sheet."""

from xml.sax.saxutils import escape

from marketplace.regions.documents import FlowMap

LAND, FLOW, SPOT, ORIGIN, INK = "#e4e1d8", "#b5532a", "#b5532a", "#0f6b6b", "#1d2a2e"


def map_svg(drawn: FlowMap) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.height}">',
        *(f'<path d="{outline}" fill="{LAND}"/>' for outline in drawn.land),
        *(
            f'<path d="{line.path}" fill="none" stroke="{FLOW}" stroke-opacity="0.7"'
            f' stroke-width="{line.width}"/>'
            for line in drawn.lines
        ),
    ]
    for spot in drawn.spots:
        fill, size = (ORIGIN, 5) if spot.is_origin else (SPOT, 3.5)
        anchor, x = ("end", spot.x - 7) if spot.on_left else ("start", spot.x + 7)
        parts += [
            f'<circle cx="{spot.x}" cy="{spot.y}" r="{size}" fill="{fill}"/>',
            f'<text x="{x}" y="{spot.y + 4}" text-anchor="{anchor}" font-size="11"'
            f' font-family="Libertinus Serif" fill="{INK}">{escape(spot.name)}</text>',
        ]
    return "".join([*parts, "</svg>"])
