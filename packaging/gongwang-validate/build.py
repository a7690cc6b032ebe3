"""Build the wheel of the engine: `python packaging/gongwang-validate/build.py OUT`; needs no network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGE = "validation"


def build(out: Path) -> Path:
    """Build from a copy of the tree, in which the kit stands in the package; return the wheel. Raises
    CalledProcessError when the build fails."""
    sys.path.insert(0, str(ROOT))
    from validation.rulebook.kit import write_kit

    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        shutil.copytree(ROOT / PACKAGE, stage / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(HERE / name, stage)
        write_kit(stage / PACKAGE / "kit")
        # uv carries the build backend itself
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(  # noqa: S603 our own command
            [uv, "build", "--quiet", "--offline", "--wheel", "--no-build-isolation", "--out-dir", out, stage],
            check=True,
        )
    (wheel,) = out.glob("gongwang_validate-*.whl")
    return wheel


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]).resolve())}\n")
