"""The demo: plays sessions from creation to a published event, with the requests of a front end.

Start reading at :mod:`dev.demo.player`, which plays the steps in order; :mod:`dev.demo.client`
sends the requests.
"""

from dev.demo.player import play
from dev.demo.screen import Screen, console_of

__all__ = ["Screen", "console_of", "play"]
