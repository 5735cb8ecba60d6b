"""Owners of reserves: a region, a group, or a bloc."""

from pathlib import Path

import pytest

from monazite.errors import ScenarioError
from monazite.scenario import read_scenario

TEXT = """\
schema: 1
name: owned
title: Owned
chain: ndfeb
start: 2026-01-01
end: 2030-12-31
budget: 1 billion USD
report: [japan]
groups: {friends: [japan, eu]}
trade:
  blocs:
    - {name: pact, members: [{region: japan}, {region: india}], supply_priority: 50 %}
strategies:
  held:
    instruments:
      - stockpile:
          name: reserve
          product: magnets
          place: japan
          owner: OWNER
          target: 100 t
          members: [{region: MEMBER, draw: 50 %, replenish: 90 days}]
          release: {trigger: shortfall, tiers: [1]}
"""


@pytest.mark.parametrize(
    ("owner", "member", "known"),
    [
        ("japan", "japan", True),
        ("japan", "eu", False),
        ("friends", "eu", True),
        ("friends", "india", False),
        ("pact", "india", True),
        ("pact", "eu", False),
    ],
)
def test_a_member_is_one_of_the_owners(
    tmp_path: Path, owner: str, member: str, known: bool
) -> None:
    file = tmp_path / "owned.yaml"
    text = TEXT.replace("OWNER", owner).replace("MEMBER", member)
    file.write_text(text, encoding="utf-8")
    if known:
        read_scenario(file)
        return
    with pytest.raises(ScenarioError, match=f"'{member}' is no owner"):
        read_scenario(file)
