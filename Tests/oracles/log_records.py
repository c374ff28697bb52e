"""The records of a violation log, read without any of odcv's code."""

import os
import re
import struct
from typing import NamedTuple


class Record(NamedTuple):
    sequence: int
    index: int
    previous: bytes
    payload: bytes
    stored: bytes


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_TABLE = _crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def records(directory):
    """In order; each segment up to the first bytes that are no record."""
    for name in sorted(os.listdir(directory)):
        if not re.fullmatch(r"violations-\d{8,}\.odcvlog", name):
            continue
        with open(os.path.join(directory, name), "rb") as file:
            data = file.read()
        place = 8 if data[:8] == b"ODCVLOG1" else len(data)
        while place + 92 <= len(data):
            length, crc, sequence, index = struct.unpack_from("<IIQQ", data, place)
            stored = data[place : place + length]
            if length < 92 or len(stored) < length or crc != crc32c(stored[:4] + stored[8:]):
                break
            yield Record(sequence, index, stored[60:92], stored[92:], stored)
            place += length
