"""Encrypts the payloads and failures that Temporal stores, because they contain entered data.

``keys`` parses the setting ``PAYLOAD_KEYS``, ``codec`` encrypts and decrypts payloads with these
keys, ``converter`` adds the codec to the data converter of all Temporal clients. Ids, search
attributes, workflow types and error codes are not encrypted.
"""
