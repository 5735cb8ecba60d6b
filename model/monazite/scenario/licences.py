"""How export licences are granted: waiting, approval, the licensing office, general licences."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import Duration, FixedTonnes, Share
from monazite.scenario.part import Known, Part, Several


class General(Part):
    """General licences: what some exporters may send without applying for each shipment."""

    share: Share
    """Part of the reference flow that passes so, over its targets together."""
    after: Duration | None = None
    """Time after the regime came into force until they are given out; nothing means at once."""
    targets: Several[Known] = ()
    """Regions or groups that they are good for; nothing means all targets of the control."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the general licences."""
        if self.share.high <= 0.0:
            yield "share", "nothing passes under general licences; remove 'general'"
        for word in sorted({word for word in self.targets if self.targets.count(word) > 1}):
            yield "targets", f"'{word}' is named twice"


class Licence(Part):
    """How an export licence is granted."""

    wait: Duration
    """Time from application to decision; with `officers`, the working time on one application."""
    approval: Share
    """Part of the applications that is granted."""
    by_target: Annotated[dict[Known, Share], Field(default_factory=dict)]
    """The same for some of the targets, by region or group, where it differs."""
    officers: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Applications that the licensing office works on at a time, first come, first served; nothing
    means as many as come."""
    shipment: FixedTonnes | None = None
    """Tonnes that one application covers, for an office with `officers`; nothing means what is
    ordered on a route in a review."""
    general: General | None = None
    """General licences; nothing means that every shipment needs its own."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the licence."""
        if self.shipment is not None and self.officers is None:
            text = "counts only where the office can be busy; give 'officers', or remove this"
            yield "shipment", text
        if self.shipment is not None and self.shipment.central <= 0.0:
            yield "shipment", "an application for nothing; give a mass above 0"
