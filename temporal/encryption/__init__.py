"""Encryption of what Temporal keeps: everything that people typed, and every error about it.

``keys`` reads the setting ``PAYLOAD_KEYS``, ``codec`` encrypts and decrypts payloads with these
keys, ``converter`` puts the codec into the data converter that all clients of Temporal share.
Ids, search attributes, types of workflows and codes of errors stay readable.
"""
