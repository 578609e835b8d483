"""When commands may be decided: not by views, grants or policies that are behind, or not begun."""

from collections.abc import Callable

from shared.access.directory import Directory
from shared.domain.errors import Unavailable
from shared.projection.standing import Standing


class NotLevel(Unavailable):
    """The process does not know yet what it must know to decide."""

    template = "Nothing is decided yet: {group} wait for {waits_for}."
    remedy_template = "Send the same request, with the same command id, again in a moment."


class GrantsTooOld(Unavailable):
    """Grants were not heard of for so long that somebody dismissed may still hold one here."""

    template = (
        "Nothing is decided: grants were last heard of {seconds} s ago, the most is {most} s."
    )
    remedy_template = (
        "Send the same request, with the same command id, again later: operators see to the bus."
    )


class Admission:
    """Lets commands in, or says what they wait for.

    Args:
        access: how grants and places stand.
        views: how what is decided by stands.
        policies_begun: whether it is settled where policies begin: what is decided before that
            is not theirs to hear.
        directory: what is known of grants; None: nobody who holds one is let in here.
        grants_at_most_behind_s: see the setting of that name.
    """

    def __init__(
        self,
        *,
        access: Standing,
        views: Standing,
        policies_begun: Callable[[], bool],
        directory: Directory | None,
        grants_at_most_behind_s: float,
    ) -> None:
        self._groups = {"grants": access, "views": views}
        self._policies_begun = policies_begun
        self._directory = directory
        self._most_s = grants_at_most_behind_s

    def must(self) -> None:
        """Refuse while nothing may be decided.

        Raises:
            NotLevel: something is not known yet.
            GrantsTooOld: nothing new was heard of grants, or they were not read, for too long.
        """
        for group, standing in self._groups.items():
            if not standing.level:
                raise NotLevel(group=group, waits_for=standing.waits_for)
        if not self._policies_begun():
            raise NotLevel(group="policies", waits_for="their first start")
        if self._directory is None:
            return
        behind, age = self._groups["grants"].behind_s, self._directory.age_s
        if behind is None or age is None:
            raise NotLevel(group="grants", waits_for="their first reading")
        if max(behind, age) > self._most_s:
            raise GrantsTooOld(seconds=round(max(behind, age)), most=round(self._most_s))
