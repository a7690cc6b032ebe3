"""Draw the floors of the house and the inside of each package from the imports, as SVG: `python -m tools.package_pictures`.

With `--check` nothing is written; the exit code is 1 when a committed picture differs from what the imports give.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import grimp

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "architecture"
PACKAGES = ("demo", "portal", "api", "national", "submissions", "validation", "project")
#: imports by which Django finds an application; they say nothing of its floors
LEFT_OUT = {"migrations", "locale", "templates", "static"}

WIDTH, MARGIN, GAP, ROW, BOX = 960, 24, 14, 74, 30
#: width of a letter of 13 pixels and of a box's padding
LETTER, PADDING = 7.4, 22

Graph = dict[str, set[str]]


class Box(NamedTuple):
    """A box of a picture: its name, left upper corner and width in pixels."""

    name: str
    x: float
    y: float
    width: float


def main(options: list[str]) -> int:
    """Write the pictures, or compare them; return the exit code."""
    pictures = dict(drawn())
    if "--check" not in options:
        FOLDER.mkdir(exist_ok=True)
        for path in FOLDER.glob("*.svg"):
            path.unlink()
        for path, picture in pictures.items():
            path.write_text(picture, encoding="utf-8")
        return 0
    stale = outdated(pictures)
    for path in stale:
        print(f"{path.relative_to(ROOT)} differs from the imports: python -m tools.package_pictures")
    return 1 if stale else 0


def outdated(pictures: dict[Path, str]) -> list[Path]:
    """Return the pictures that are missing, differ or belong to no package."""
    committed = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}
    return sorted(path for path in committed | pictures if committed.get(path) != pictures.get(path))


def drawn() -> Iterator[tuple[Path, str]]:
    """Yield path and SVG of the picture of the floors and of one for each package."""
    imports = grimp.build_graph(*PACKAGES, cache_dir=None)
    yield FOLDER / "floors.svg", picture("Gongwang", floors(imports))
    for package in PACKAGES:
        yield FOLDER / f"{package}.svg", picture(package, inside(imports, package))


def floors(imports: grimp.ImportGraph) -> Graph:
    """Return which package imports which; `project` wires them all and stands beside."""
    storeys = set(PACKAGES) - {"project"}
    return {package: reached(imports, package, "") & storeys for package in storeys}


def inside(imports: grimp.ImportGraph, package: str) -> Graph:
    """Return which module or sub-package of a package imports which of the others."""
    rooms = {child.rpartition(".")[2] for child in imports.find_children(package)} - LEFT_OUT
    return {room: reached(imports, f"{package}.{room}", f"{package}.") & rooms for room in rooms}


def reached(imports: grimp.ImportGraph, module: str, prefix: str) -> set[str]:
    """Return the first name after `prefix` of everything that a module or its descendants import, itself left out."""
    modules = {module} | imports.find_descendants(module)
    targets = {
        target for source in modules for target in imports.find_modules_directly_imported_by(source)
    } - modules
    return {target.removeprefix(prefix).partition(".")[0] for target in targets if target.startswith(prefix)}


def ranks(graph: Graph) -> dict[str, int]:
    """Return the row of each name: 0 for what nobody imports, and below everything that imports it.

    Names that import each other in a ring stand in one row.
    """
    reach = {name: closure(graph, name) for name in graph}
    rings = {name: {other for other in reach[name] if name in reach[other]} | {name} for name in graph}
    row: dict[str, int] = {}
    for name in sorted(graph, key=lambda name: (-len(reach[name] | rings[name]), name)):
        above = [row[other] for other in row if rings[name] & graph[other] and other not in rings[name]]
        same = [row[other] for other in rings[name] if other in row]
        row[name] = max([*same, *(number + 1 for number in above)], default=0)
    return row


def closure(graph: Graph, name: str) -> set[str]:
    """Return everything that a name imports, over others too."""
    reach: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = graph[waiting.pop()] - reach
        reach |= fresh
        waiting.extend(fresh)
    return reach


def arrows(graph: Graph) -> list[tuple[str, str]]:
    """Return the imports to draw: those that no way over another name says already."""
    reach = {name: closure(graph, name) for name in graph}
    return sorted(
        (name, target)
        for name, targets in graph.items()
        for target in targets
        if not any(target in reach[other] and name not in reach[other] for other in targets - {target})
    )


def placed(graph: Graph) -> list[Box]:
    """Return a box for each name, row by row; a row that is too long goes on in the next."""
    boxes: list[Box] = []
    y = MARGIN + 34.0
    row = ranks(graph)
    for number in sorted(set(row.values())):
        for line in lines(sorted(name for name in row if row[name] == number)):
            x = (WIDTH - sum(map(width, line)) - GAP * (len(line) - 1)) / 2
            for name in line:
                boxes.append(Box(name, x, y, width(name)))
                x += width(name) + GAP
            y += BOX + GAP
        y += ROW - BOX - GAP
    return boxes


def lines(names: list[str]) -> Iterator[list[str]]:
    """Yield the names in lines that are not wider than the picture."""
    line: list[str] = []
    for name in names:
        if line and sum(map(width, [*line, name])) + GAP * len(line) > WIDTH - 2 * MARGIN:
            yield line
            line = []
        line.append(name)
    yield line


def width(name: str) -> float:
    """Return the width of a box with this name, in pixels."""
    return len(name) * LETTER + PADDING


def picture(title: str, graph: Graph) -> str:
    """Return the SVG: boxes, and an arrow from each to what it imports."""
    boxes = {box.name: box for box in placed(graph)}
    height = max(box.y for box in boxes.values()) + BOX + MARGIN
    drawing = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" font-size="13"'
        ' font-family="ui-monospace, Menlo, Consolas, monospace">',
        f"<title>{escape(title)}: an arrow leads from a package to what it imports</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#6b7a8c"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="{MARGIN + 8}" font-size="15" font-weight="bold" fill="#17202b">{escape(title)}</text>',
        *(arrow(boxes[source], boxes[target]) for source, target in arrows(graph)),
        *(drawing_of(box) for box in boxes.values()),
        "</svg>",
    ]
    return "\n".join(drawing) + "\n"


def arrow(source: Box, target: Box) -> str:
    """Return the curve from one box down to another, or along a row."""
    x, y = source.x + source.width / 2, source.y + BOX
    to_x, to_y = target.x + target.width / 2, target.y
    if to_y < y:
        y, to_y = source.y, target.y
    bend = max((to_y - y) / 2, 18.0)
    return (
        f'<path d="M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} {to_x:.0f} {to_y:.0f}"'
        ' fill="none" stroke="#9aa7b5" stroke-width="1.2" marker-end="url(#tip)"/>'
    )


def drawing_of(box: Box) -> str:
    """Return a box with its name."""
    return (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{BOX}" rx="4" fill="#e3eef9"'
        f' stroke="#0a4f9e"/><text x="{box.x + box.width / 2:.0f}" y="{box.y + 20:.0f}" text-anchor="middle"'
        f' fill="#17202b">{escape(box.name)}</text>'
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
