"""Everything that is looked at before a release; `make release-check` runs it, and leaves `dist/`.

Builds the source and the wheel twice and compares them byte for byte, looks at them, writes the
bill of materials from the lock, and asks for known faults where there is a network.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
TOOLS = Path(sys.executable).parent
LOCK = ROOT / "requirements.lock"


def run(*command: str | Path) -> None:
    """Run one step, and stop where it fails."""
    print("$", *(Path(part).name if isinstance(part, Path) else part for part in command))
    subprocess.run([*map(str, command)], check=True, cwd=ROOT)


def build(folder: Path) -> dict[str, bytes]:
    """Build into a folder; return what came, by name."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def build_twice() -> None:
    """Leave source and wheel in `dist/`, equal to those of a second build."""
    shutil.rmtree(DIST, ignore_errors=True)
    with tempfile.TemporaryDirectory() as second:
        first = build(DIST)
        again = build(Path(second))
    differing = [name for name in first if first[name] != again.get(name)]
    if differing or set(first) != set(again):
        sys.exit(f"two builds differ: {', '.join(differing) or 'in their files'}")
    print(f"twice the same bytes: {', '.join(first)}")


def write_bill() -> None:
    """Write the bill of materials (CycloneDX) of everything that the lock names."""
    target = DIST / "sbom.cdx.json"
    options = ("--output-reproducible", "--pyproject", "pyproject.toml", "-o", target)
    run(TOOLS / "cyclonedx-py", "requirements", *options, LOCK)
    components = json.loads(target.read_text("utf-8"))["components"]
    print(f"{target.name}: {len(components)} packages")


def audit() -> None:
    """Ask for known faults of what is locked; say loudly of how many nobody could be asked."""
    command = (TOOLS / "pip-audit", "--requirement", LOCK, "--require-hashes", "--no-deps")
    options = ("--disable-pip", "--progress-spinner=off", "--format=json")
    ran = subprocess.run(
        [*map(str, command), *options], check=False, capture_output=True, text=True, cwd=ROOT
    )
    try:
        asked = json.loads(ran.stdout)["dependencies"]
    except ValueError:
        print(ran.stderr[-400:])
        print("*** NOBODY COULD BE ASKED FOR KNOWN FAULTS: pip-audit has NOT looked ***")
        return
    if faulty := [one for one in asked if one.get("vulns")]:
        sys.exit(json.dumps(faulty, indent=1))
    # It takes what it could not ask about for sound.
    if skipped := [one["name"] for one in asked if "skip_reason" in one]:
        print(
            f"*** {len(skipped)} OF {len(asked)} PACKAGES WERE NOT LOOKED AT for known faults ***"
        )
    else:
        print(f"no known fault in {len(asked)} packages")


def main() -> None:
    """Run every step in its order."""
    build_twice()
    packages = sorted([*DIST.glob("*.whl"), *DIST.glob("*.tar.gz")])
    run(TOOLS / "twine", "check", "--strict", *packages)
    run(TOOLS / "check-wheel-contents", *DIST.glob("*.whl"))
    write_bill()
    audit()


if __name__ == "__main__":
    main()
