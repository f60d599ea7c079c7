"""Find the doors of the apps: modules of a known name, so that the floor needs no import of an app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Protocol, cast

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from contacthub.actor import Actor
from contacthub.cases.finding import Sought
from contacthub.ui.navigation import Found, NavigationItem, Panel

BEST = 20  # of each kind that was found
ALL_OF_A_KIND = 200


class WorkspaceDoor(Protocol):
    """What an app's `workspace.py` answers."""

    def navigation(self, actor: Actor) -> list[NavigationItem]:
        """Return the places of this app that the actor may go to."""

    def panels(self, actor: Actor, *, at: datetime) -> list[Panel]:
        """Return what this app shows on the actor's home page."""


class SearchDoor(Protocol):
    """What the `workspace.py` of an app answers that has records to be found."""

    def search(self, actor: Actor, sought: Sought, *, at_most: int) -> list[Found]:
        """Return what was found of each kind of record, `at_most` so many rows of it; only what the actor may see."""


class ExamplesDoor(Protocol):
    """What the `workspace.py` of an app answers whose records have numbers of their own."""

    def examples(self, actor: Actor) -> list[str]:
        """Return by what the actor may find the app's records besides, each with its shape."""


def apps_first() -> list[ModuleType]:
    """Return the doors to the shared pages: those of the apps first, then those of the floor, its upper rooms first."""
    found = [*doors("workspace")]
    floor = [door for door in found if door.__name__.startswith("contacthub.")]
    return [*(door for door in found if door not in floor), *reversed(floor)]


def search_doors() -> list[SearchDoor]:
    """Return the doors through which records are found, in the order of `apps_first`."""
    return [cast(SearchDoor, door) for door in apps_first() if hasattr(door, "search")]


def find_everything(actor: Actor, sought: Sought, *, at_most: int) -> list[Found]:
    """Return what was found of every kind of record, in the order of `apps_first`."""
    return [found for door in search_doors() for found in door.search(actor, sought, at_most=at_most)]


def examples(actor: Actor) -> list[str]:
    """Return by what the actor may find records of the apps, besides what finds those of all."""
    named = [cast(ExamplesDoor, door) for door in apps_first() if hasattr(door, "examples")]
    return [words for door in named for words in door.examples(actor)]


def doors(name: str) -> Iterator[ModuleType]:
    """Yield the module of this name of each app and room that has one, in the order of INSTALLED_APPS."""
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, name):
            yield import_module(f"{config.name}.{name}")
