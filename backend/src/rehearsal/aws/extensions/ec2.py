"""EC2's security groups. Stock moto forgets what a rule is for where it names a group or a prefix list."""

from typing import Any

from moto.ec2.models import security_groups
from moto.ec2.models.security_groups import SecurityGroupRule

_PREFIX_LIST = 7
"""Where among a rule's arguments its prefix list stands."""


class DescribedRule(SecurityGroupRule):
    """A rule that keeps its description, whatever it names."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        listed = named.get("prefix_list_id") or (given[_PREFIX_LIST] if len(given) > _PREFIX_LIST else None)
        self._of_list = (listed or {}).get("Description")

    @property
    def description(self) -> str | None:
        """What the rule is for."""
        found: str | None = self.ip_range.get("Description") or self.source_group.get("Description")
        return found or self._of_list


def install() -> None:
    """Put this in place of moto's own."""
    security_groups.SecurityGroupRule = DescribedRule  # type: ignore[misc]  # moto makes its rules by this name
