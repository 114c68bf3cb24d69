"""Payloads that cannot be read.

    PayloadUnreadable
    └── KeyMissing        encrypted under a key that this process does not have

No error of the domain: no request can be put right because of it, only settings. In a worker any
exception but a failure error makes a task fail that Temporal repeats, so that a session waits for
its key and loses nothing. The messages hold ids of keys and nothing else of the payload.
"""


class PayloadUnreadable(Exception):
    pass


class KeyMissing(PayloadUnreadable):
    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"a payload is encrypted under the key {key_id!r}, which PAYLOAD_KEYS does not have"
        )
        self.key_id = key_id
