import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from werkzeug.middleware.proxy_fix import ProxyFix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contacthub.settings")

# Limits and the lock-out go by the address of whoever asks: behind proxies, the one that the outermost of ours saw.
application = ProxyFix(get_wsgi_application(), x_for=settings.PROXIES, x_proto=0)
