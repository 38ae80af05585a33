"""A service over HTTP: what an `Engine` says, for whoever speaks JSON. It keeps nothing.

`create_app` makes an application to serve or to mount; `add_refusals` lets one of your own refuse
without repeating what was sent.
"""

from iscg_rules.web.application import create_app
from iscg_rules.web.handlers import add_refusals

__all__ = ["add_refusals", "create_app"]
