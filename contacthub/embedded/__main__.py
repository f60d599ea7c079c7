import os
import sys

from contacthub.embedded import catcher, paths

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contacthub.settings")


def main(words: list[str]) -> int:
    match words:
        case ["run"]:
            from contacthub.embedded import supervisor

            return supervisor.main()
        case ["set-up", *rest]:
            from contacthub.embedded import set_up

            return set_up.main(demo="--demo" in rest)
        case ["mail"]:
            port, web_port = os.environ.get("MAIL_PORT", "2525"), os.environ.get("MAIL_WEB_PORT", "8001")
            return catcher.main(paths.mail_dir(paths.data_dir(os.environ)), int(port), int(web_port))
        case _:
            print("run, set-up or mail", file=sys.stderr)
            return 2


sys.exit(main(sys.argv[1:]))
