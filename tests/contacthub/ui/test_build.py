import re
from io import StringIO

import pytest
from django.conf import settings as house
from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.core.management import call_command
from django.test import override_settings


@pytest.fixture(scope="module")
def assets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built") / "assets"
    with override_settings(STATICFILES_DIRS=[folder]):
        call_command("build_assets", stdout=StringIO())
    return folder


@pytest.fixture(scope="module")
def collected(assets, tmp_path_factory):
    folder = tmp_path_factory.mktemp("collected") / "static"
    hashed = house.STORAGES | {"staticfiles": {"BACKEND": "contacthub.ui.static.HashedStaticFilesStorage"}}
    with override_settings(STATICFILES_DIRS=[assets], STATIC_ROOT=folder, STORAGES=hashed):
        call_command(CollectStatic(), interactive=False, verbosity=0)
    return folder


def only(folder, pattern):
    found = [path for path in folder.iterdir() if re.fullmatch(pattern, path.name)]
    assert len(found) == 1, found
    return found[0].read_text()


def test_styles_name_neither_the_typeface_nor_the_crest_of_govuk(assets):
    css = (assets / "app.css").read_text()

    assert not re.search("GDS Tr|crest|@font-face", css, re.IGNORECASE)


def test_styles_and_scripts_stay_small(assets):
    assert (assets / "app.css").stat().st_size < 144_000


def test_what_scripts_import_is_served(collected):
    imported = re.findall(r"from ['\"]\./([^'\"]+)['\"]", only(collected, r"app\.\w{12}\.js"))

    assert imported
    assert all(re.search(r"\.\w{12}\.js$", name) for name in imported)
    assert all((collected / name).is_file() for name in imported)


def test_icons_that_styles_name_are_served(collected):
    icons = re.findall(r"url\([\"']?([^)\"']+)", only(collected, r"app\.\w{12}\.css"))

    assert icons
    assert all((collected / name).is_file() for name in icons), icons


def test_files_are_served_compressed(collected):
    assert {path.suffix for path in collected.glob("app.*.css*")} == {".css", ".br", ".gz"}


def test_a_build_that_was_killed_is_repaired_by_the_next(assets, settings):
    settings.STATICFILES_DIRS = [assets]
    left_over = assets.with_name("assets.new")
    left_over.mkdir()
    (left_over / "half.css").write_text("")
    (assets / "app.css").unlink()

    call_command("build_assets", stdout=StringIO())

    assert (assets / "app.css").is_file()
    assert not (assets / "half.css").exists()
    assert not left_over.exists()
