"""An administrator of one instance, who calls the desk before a world of stand-ins."""

from __future__ import annotations

from app.site_settings.desk import SettingsDesk
from app.words import Json
from tests.stand_ins.settings_outside import INSTANCE, World


class Administrator:
    """Calls the desk for one instance."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = SettingsDesk(world.outside)

    def save(self, part: str, body: Json | bytes) -> Json:
        return self.desk.save(INSTANCE, part, body)

    def check(self, part: str, body: Json | bytes) -> Json:
        return self.desk.check(INSTANCE, part, body)

    def forget(self, part: str) -> None:
        self.desk.forget(INSTANCE, part)

    def overview(self) -> Json:
        return self.desk.overview(INSTANCE)
