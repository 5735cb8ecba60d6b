"""The market of one product in one review: who wants, who has room, who gets."""

from collections import defaultdict

from reference.state import LICENSING, State, Thing, needs_clean

TINY = 1e-12

Tonnes = dict[Thing, float]


class Market:
    """Rooms of makers, caps on routes, and what was accepted.

    Attributes:
        room: what each maker can still make.
        clean_room: the part of it that no tier is barred from.
        caps: routes under a ban or quota, and what may still pass them together.
        sent: what was accepted on each route.
        for_tier1: what each maker makes of clean input for tier 1.
    """

    def __init__(self, state: State, product: int) -> None:
        self.state, self.product = state, product
        self.makers, self.routes = state.makers_of(product), state.routes_of(product)
        self.room: Tonnes = {}
        self.clean_room: Tonnes = {}
        self.sent: Tonnes = dict.fromkeys(self.routes, 0.0)
        self.accepted: Tonnes = dict.fromkeys(self.makers, 0.0)
        self.for_tier1: Tonnes = dict.fromkeys(self.makers, 0.0)
        self.closed = {r for r in self.routes if r.approval >= 0 or r.barred}
        delta_d = state.settings.review_d
        self.caps: dict[Thing, float] = {}
        for control in state.controls:
            if control.active and control.product == product and control.form != LICENSING:
                tonnes = control.allowed_per_d
                if tonnes < 0:
                    tonnes = control.allowed * sum(r.flow_per_d for r in control.routes)
                lost = sum(r.flow_per_d for r in control.routes) - tonnes
                self.caps[control] = (tonnes + control.leak * max(0.0, lost)) * delta_d
        self.most = dict(self.caps)

    def open_general(self) -> None:
        """Let pass what needs no licence of its own: a cap for each regime that grants it."""
        for control in self.state.controls:
            if not control.active or control.product != self.product or not control.general:
                continue
            usual = sum(g.general * r.flow_per_d for r, g in control.grants.items())
            self.caps[control] = self.most[control] = usual * self.state.settings.review_d
        self.closed -= {r for r in self.routes if r.general > 0 and not r.barred}

    def can_take(self, route: Thing) -> bool:
        """Return whether one more order on this route would find room."""
        least = TINY * route.maker.capacity_t
        if route in self.closed or self.room[route.maker] <= least:
            return False
        return not needs_clean(route.pool) or self.clean_room[route.maker] > least

    def serve(self, wants: Tonnes, sizes: Tonnes) -> Tonnes:
        """Fill wants in rounds until no bid and open room are left together.

        The first round goes by habit; what it leaves, and every later round, by pull.

        Args:
            wants: tonnes by pool.
            sizes: whole bid of each pool, beside which a remainder counts as nothing.

        Returns:
            What stays unserved, by pool.
        """
        left = dict(wants)

        def by_pull(route: Thing) -> float:
            return float(route.pull)

        for turn in range(4 * (len(self.makers) + len(self.caps)) + 8):
            for control, room in self.caps.items():
                if room <= TINY * self.most[control]:
                    self.closed |= set(control.routes)
            orders: Tonnes = {}
            for pool, tonnes in left.items():
                if tonnes <= TINY * sizes[pool]:
                    left[pool] = 0.0
                    continue
                free = [r for r in pool.routes if self.can_take(r)]
                if turn == 0:
                    habit = {r: r.share * (r.general if r.licensed else 1) for r in pool.routes}
                    whole = sum(habit.values())
                    orders |= {r: tonnes * habit[r] / whole for r in free if whole > 0}
                elif (whole := sum(map(by_pull, free))) > 0:
                    orders |= {r: tonnes * by_pull(r) / whole for r in free}
            if sum(orders.values()) <= 0:
                if turn == 0:
                    continue
                return left
            self.cut_to_caps(orders)
            self.cut_to_clean(orders)
            for route, tonnes in self.accept(orders).items():
                left[route.pool] = max(0.0, left[route.pool] - tonnes)
        return left

    def cut_to_caps(self, orders: Tonnes) -> None:
        """Share what may pass a cap in proportion to orders; the least cap of a route holds."""
        part: Tonnes = {}
        for control, room in self.caps.items():
            mine = [r for r in control.routes if r in orders]
            asked = sum(orders[r] for r in mine)
            if asked > room:
                for route in mine:
                    part[route] = min(part.get(route, 1.0), room / asked)
        for route in part:
            orders[route] *= part[route]

    def cut_to_clean(self, orders: Tonnes) -> None:
        """Share what a maker can make of clean input among tier-1 orders."""
        for maker in self.makers:
            mine = [r for r in orders if r.maker is maker and needs_clean(r.pool)]
            asked = sum(orders[r] for r in mine)
            if asked > self.clean_room[maker]:
                for route in mine:
                    orders[route] *= self.clean_room[maker] / asked

    def accept(self, orders: Tonnes) -> Tonnes:
        """Accept orders as far as rooms go, home first as far as that is the habit."""
        taken: Tonnes = {}
        for maker in self.makers:
            mine = [r for r in orders if r.maker is maker]
            home = sum(orders[r] for r in mine if r.home)
            away = sum(orders[r] for r in mine if not r.home)
            room = self.room[maker]
            served_home, served_away = home, away
            if home + away > room:
                even, first = home * room / (home + away), min(home, room)
                served_home = (1 - maker.kept_first) * even + maker.kept_first * first
                served_away = room - served_home
            for route in mine:
                asked, served = (home, served_home) if route.home else (away, served_away)
                taken[route] = orders[route] * (served / asked) if asked > 0 else 0.0
            self.accepted[maker] += served_home + served_away
            self.room[maker] = max(0.0, room - served_home - served_away)
        for route, tonnes in taken.items():
            self.sent[route] += tonnes
            if needs_clean(route.pool):
                self.for_tier1[route.maker] += tonnes
                self.clean_room[route.maker] = max(0.0, self.clean_room[route.maker] - tonnes)
        for control in self.caps:
            passed = sum(taken.get(r, 0.0) for r in control.routes)
            self.caps[control] = max(0.0, self.caps[control] - passed)
        return taken

    def lost_for_lack_of_input(self, unserved: Tonnes, lacking: set[Thing]) -> Tonnes:
        """Return unserved bids by maker that lacks input, spread by pull."""
        lost: Tonnes = defaultdict(float)
        for pool, tonnes in unserved.items():
            asked = {r: r.pull for r in pool.routes if r not in self.closed and r.maker in lacking}
            whole = sum(asked.values())
            for route, pull in asked.items():
                if whole > 0 and tonnes > 0:
                    lost[route.maker] += tonnes * pull / whole
        return lost
