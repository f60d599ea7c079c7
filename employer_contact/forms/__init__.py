from employer_contact.forms.records import ParentFilterForm, SearchForm

__all__ = ["ParentFilterForm", "SearchForm"]
