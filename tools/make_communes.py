"""Makes `iscg_rules/places/communes.tsv.gz`, the table of all communes, from the official lists.

    npm pack @etalab/decoupage-administratif     (anywhere but here; then unpack it)
    python tools/make_communes.py …/package

The same package gives the same bytes. The lists are those of INSEE (codes), the DGCL (EPCI) and
La Poste (postal codes), put together by Etalab under the Licence Ouverte 2.0.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "iscg_rules" / "places" / "communes.tsv.gz"
CURRENT = "commune-actuelle"
Entry = dict[str, Any]


def read(package: Path, name: str) -> list[Entry]:
    """Read one list of the package."""
    entries: list[Entry] = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
    return sorted(entries, key=lambda entry: (entry["code"], entry["nom"]))


def write_head(package: Path) -> Iterator[str]:
    """Say where the table comes from: version, years, licence."""
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    # The major version is the year: 5 is 2025, 6 is 2026.
    year = 2020 + int(version.split(".")[0])
    yield f"découpage administratif, Etalab, version {version}, au 1er janvier {year}"
    yield "INSEE (code officiel géographique), DGCL (EPCI), La Poste (codes postaux)"
    yield "Licence Ouverte 2.0"


def write_communes(communes: list[Entry], groups: list[Entry]) -> Iterator[str]:
    """Write each commune: its code, name, postal codes, and the number of its EPCI in the list."""
    number = {
        member["code"]: place for place, group in enumerate(groups) for member in group["membres"]
    }
    for commune in communes:
        if commune["type"] == CURRENT:
            code, postal = commune["code"], " ".join(commune.get("codesPostaux", ()))
            yield f"{code}\t{commune['nom']}\t{postal}\t{number.get(code, '')}"


def write_former(communes: list[Entry]) -> Iterator[str]:
    """Write what became of a commune, or lies in one: its code, name if known, and today's code."""
    parts: dict[tuple[str, str], str] = {}
    for commune in communes:
        if commune["type"] != CURRENT:
            whole = commune.get("chefLieu") or commune["commune"]
            parts[commune["code"], commune["nom"]] = whole
    named = {code for code, _ in parts}
    for commune in communes:
        for code in commune.get("anciensCodes", ()):
            if code not in named:
                parts[code, ""] = commune["code"]
    for (code, name), whole in sorted(parts.items()):
        yield f"{code}\t{name}\t{whole}"


def main() -> None:
    """Write the table."""
    package = Path(sys.argv[1])
    communes, groups = read(package, "communes"), read(package, "epci")
    sections = (
        write_head(package),
        (f"{one['code']}\t{one['nom']}" for one in read(package, "departements")),
        (f"{one['code']}\t{one['nom']}" for one in groups),
        write_communes(communes, groups),
        write_former(communes),
    )
    text = "\n\n".join("\n".join(section) for section in sections) + "\n"
    # No name and no time in the head: the bytes depend on the lists alone.
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
