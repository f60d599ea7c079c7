from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Files named by their content, compressed, cached for ever."""

    # Without it `import ... from './govuk-frontend.js'` keeps the plain name, which is not served.
    support_js_module_import_aggregation = True
