"""The demo: sessions from create to a published event, as a front end would play them.

Start reading at :mod:`dev.demo.player`, which tells the story; :mod:`dev.demo.client` has the
requests that it makes.
"""

from dev.demo.player import play

__all__ = ["play"]
