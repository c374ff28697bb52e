"""Reads a violation log without any of odcv's code: records, chain, tree and signed checkpoints.

    log_oracle.py VIOLATIONS-DIRECTORY FIRST-KEY [WITNESS-STATE WITNESS-KEY]
    log_oracle.py --notes

The tree is RFC 6962's recursive definition, Ed25519 that of OpenSSL (pyca/cryptography), the notes
those of c2sp.org/signed-note, tlog-checkpoint and tlog-cosignature. Prints what it found as one JSON line; ends with 1 and
the reason when something does not hold. --notes prints a key, a note and a cosignature made from a fixed seed.
"""

import base64
import hashlib
import json
import os
import re
import struct
import sys

import log_records
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def sha256(data):
    return hashlib.sha256(data).digest()


def tree_root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + tree_root(leaves[:split]) + tree_root(leaves[split:]))


def fail(reason):
    print(reason, file=sys.stderr)
    sys.exit(1)


def key_id(name, kind, public):
    return sha256(name.encode() + b"\n" + bytes([kind]) + public)[:4]


def parse_key(text):
    name, hashed, data = text.split("+", 2)
    data = base64.b64decode(data, validate=True)
    if key_id(name, data[0], data[1:]).hex() != hashed:
        fail(f"{text}: the hash is not that of the key")
    return name, data[0], data[1:]


def signatures(note):
    text, lines = note[: note.rindex("\n\n") + 1], note[note.rindex("\n\n") + 2 :].splitlines()
    found = {}
    for line in lines:
        dash, name, data = line.split(" ")
        data = base64.b64decode(data, validate=True)
        if dash != "\u2014":
            fail(f"not a signature: {line}")
        found[name, data[:4]] = data[4:]
    return text, found


def verify(note, key):
    name, kind, public = parse_key(key)
    text, found = signatures(note)
    signature = found[name, key_id(name, kind, public)]
    message = text.encode()
    if kind == 4:
        (time,) = struct.unpack(">Q", signature[:8])
        message, signature = f"cosignature/v1\ntime {time}\n".encode() + message, signature[8:]
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    return text.splitlines()


def notes(directory):
    for name in sorted(os.listdir(directory)):
        if re.fullmatch(r"checkpoints-\d{8,}\.notes", name):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                parts = file.read().split("\n\n")
            if parts.pop() != "" or len(parts) % 2:
                fail(f"{name}: not pairs of text and signatures")
            for text, end in zip(parts[::2], parts[1::2]):
                signature, total = end.rsplit("\nsum ", 1)
                note = text + "\n\n" + signature + "\n"
                if int(total, 16) != log_records.crc32c(note.encode()):
                    fail(f"{name}: other CRC-32C of a note")
                yield note


def check(directory, first, state=None, witness=None):
    leaves, previous = [], bytes(32)
    for number, record in enumerate(log_records.records(directory), 1):
        if record.sequence != number or record.previous != previous:
            fail(f"record {number}: out of place")
        previous = sha256(record.stored)
        leaves.append(record.stored)
    keys, checked = {0: first}, 0
    for note in notes(directory):
        epoch = int(re.search(r"^epoch (\d+)$", note, re.M)[1])
        lines = verify(note, keys[epoch])
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
        if size > len(leaves) or tree_root(leaves[:size]) != root:
            fail(f"checkpoint of {size} records: other root")
        if handover := re.search(r"^next (\S+)$", note, re.M):
            keys[epoch + 1] = handover[1]
        checked += 1
    cosigned = None
    if state:
        with open(state, encoding="utf-8") as file:
            note = file.read().split("\n", 5)[5]
        cosigned = int(verify(note, witness)[1])
    print(json.dumps({
        "records": len(leaves), "checkpoints": checked, "epochs": max(keys), "root": tree_root(leaves).hex(),
        "head": previous.hex(), "cosigned": cosigned,
    }))


def fixed_notes():
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes_raw()
    text = f"example.com/log\n0\n{base64.b64encode(sha256(b'')).decode()}\n"
    stamp = 1_700_000_000
    cosignature = struct.pack(">Q", stamp) + key.sign(f"cosignature/v1\ntime {stamp}\n{text}".encode())

    def line(kind, name, signature):
        return base64.b64encode(key_id(name, kind, public) + signature).decode()

    print(json.dumps({
        "key": f"example.com/log+{key_id('example.com/log', 1, public).hex()}+{base64.b64encode(bytes([1]) + public).decode()}",
        "text": text, "signature": line(1, "example.com/log", key.sign(text.encode())),
        "cosignature": line(4, "example.com/witness", cosignature),
    }))


if __name__ == "__main__":
    if sys.argv[1:] == ["--notes"]:
        fixed_notes()
    elif len(sys.argv) in (3, 5):
        check(*sys.argv[1:])
    else:
        sys.exit(__doc__)
