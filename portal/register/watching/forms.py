"""What was chosen on the page of what somebody follows."""

from collections.abc import Sequence

from portal.core.text import pmsg
from portal.register.watching.following import Thing
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice


def read_thing(fields: FieldBag, problems: Problems, offered: Sequence[Thing]) -> Thing | None:
    """One of the things offered, or what keeps it from being one."""
    things = {thing.value: thing for thing in offered}
    required = pmsg("error", "Select what to follow")
    return things.get(choice(fields, "what", problems, allowed=set(things), required=required))
