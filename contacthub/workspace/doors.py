"""Find the doors of the apps: modules of a known name, so that the floor needs no import of an app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Protocol

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from contacthub.actor import Actor
from contacthub.ui.navigation import NavigationItem, Panel


class WorkspaceDoor(Protocol):
    """What an app's `workspace.py` answers."""

    def navigation(self, actor: Actor) -> list[NavigationItem]:
        """Return the places of this app that the actor may go to."""

    def panels(self, actor: Actor, *, at: datetime) -> list[Panel]:
        """Return what this app shows on the actor's home page."""


def apps_first() -> list[ModuleType]:
    """Return the doors to the shared pages: those of the apps first, then those of the floor, its upper rooms first."""
    found = [*doors("workspace")]
    floor = [door for door in found if door.__name__.startswith("contacthub.")]
    return [*(door for door in found if door not in floor), *reversed(floor)]


def doors(name: str) -> Iterator[ModuleType]:
    """Yield the module of this name of each app and room that has one, in the order of INSTALLED_APPS."""
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, name):
            yield import_module(f"{config.name}.{name}")
