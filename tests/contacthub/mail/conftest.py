from tests.contacthub.documents.conftest import told  # noqa: F401  the app of incidents, told what happens
