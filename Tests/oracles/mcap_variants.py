#!/usr/bin/env python3
"""Writes every variant of MCAP file that the format's conformance suite has, for our reader to read.

    mcap_variants.py DIRECTORY       DIRECTORY/NAME.mcap, and in DIRECTORY/expected.json what is in each
    mcap_variants.py --check         the variants whose digests are known have them

The suite (github.com/foxglove/mcap, tests/conformance) has six contents, each with every combination of the features that apply to it:
ch chunk, mx message index, chx chunk index, st statistics, rsh and rch schemas and channels repeated in the summary, ax attachment index,
mdx metadata index, sum summary offsets, pad bytes behind each record's fields that a later version may put there. Written here anew from
the format's specification (mcap.dev/spec), with the standard library alone.
"""
import hashlib
import itertools
import json
import pathlib
import struct
import sys
import zlib

MAGIC = b"\x89MCAP0\r\n"
HEADER, FOOTER, SCHEMA, CHANNEL, MESSAGE, CHUNK, MESSAGE_INDEX, CHUNK_INDEX = range(1, 9)
ATTACHMENT, ATTACHMENT_INDEX, STATISTICS, METADATA, METADATA_INDEX, SUMMARY_OFFSET, DATA_END = range(9, 16)

# Read to their end, or with a checksum there.
UNPADDED = (CHUNK, MESSAGE, ATTACHMENT)

# SHA-256 of files of the suite, as its repository names them. Older snapshots of it leave checksums of the data or the summary at 0.
KNOWN = {
    "NoData": "707d2a9a999d72cb8bf37b27bed72140fa99dd22310b0adc2088e2c7b23fb601",
    "OneSchemalessMessage-ch-chx-mx-rch-st-sum": "e9b4aa6f672b611783230a6d642e50dcdf8620ee938226f8e86ca9f22ec64848",
    "TenMessages-rch-rsh-sum": "e85f22d8b27ee65fd27209674d1c340c8efef01011e4f85f143d21c65fd41807",
    "TenMessages-ch-chx-mx": "b712b86b989c4e9de1f0fa677cfca1d67b63870376b773115c68f4e948eb37cc",
    "TenMessages-ch-chx-mx-rch-rsh-st-sum": "813c4eb55e1195e5af9482f60d9b214cd083a8805720ec1663812637d716e4d5",
    "OneAttachment-st-sum": "267fc7f633ba1c6b4ae3c5d1e0bc2b4d9a5b29b660046fe50dd6fbfb72380c10",
    "OneAttachment-ax-st": "475e507c627f4b8fd465edac776133f5d8097f960e2e6eb2aa732abf79539b06",
    "OneAttachment-ax-st-sum": "8d4d97a53909b16e21491b2393942bba37e5b926c0e11a697f971b5eff516057",
    "OneMetadata-mdx": "515757e7af63cb633d72ac9915748e7cfd10b4e5b2d8d64e4a1aa880ad2158e0",
    "OneMetadata-mdx-st-sum": "6d7681e1536e3c61a0d9755b1b10b9a7ad4c2042855a839ce96c8c024bc64316",
}

SCHEMAS = {"OneMessage": [(1, "Example", "c", b"\x04\x05\x06")], "TenMessages": [(1, "Example", "c", b"\x04\x05\x06")]}
CONTENTS = {
    "NoData": [],
    # Channel, sequence, log time, publish time, data.
    "OneMessage": [(1, 10, 2, 1, b"\x01\x02\x03")],
    "OneSchemalessMessage": [(1, 10, 2, 1, b"\x01\x02\x03")],
    "TenMessages": [(1, i, time, time, b"\x01\x02\x03") for i, time in enumerate((0, 2, 1, 3, 3, 5, 4, 7, 8, 9))],
    "OneAttachment": [],
    "OneMetadata": [],
}
# What applies to each content; mx and chx need ch.
FEATURES = {
    "NoData": ["st", "sum", "pad"],
    "OneMessage": ["ch", "mx", "st", "rsh", "rch", "chx", "sum", "pad"],
    "OneSchemalessMessage": ["ch", "mx", "st", "rch", "chx", "sum", "pad"],
    "TenMessages": ["ch", "mx", "st", "rsh", "rch", "chx", "sum", "pad"],
    "OneAttachment": ["st", "ax", "sum", "pad"],
    "OneMetadata": ["st", "mdx", "sum", "pad"],
}


def text(value):
    return struct.pack("<I", len(value)) + value.encode()


def blob(value):
    return struct.pack("<I", len(value)) + value


def table(items):
    return blob(b"".join(items))


class File:
    """checked: whether the checksums of the data and of the summary are there."""

    def __init__(self, content, features, checked=(True, True)):
        self.content, self.features, self.checked = content, features, checked
        self.in_chunk = False
        self.out = bytearray(MAGIC)

    def has(self, *features):
        return all(feature in self.features for feature in features)

    def record(self, opcode, fields):
        padding = b"\x01\x02\x03" if self.has("pad") and opcode not in UNPADDED and not self.in_chunk else b""
        return struct.pack("<BQ", opcode, len(fields) + len(padding)) + fields + padding

    def schema(self, one):
        number, name, encoding, data = one
        return self.record(SCHEMA, struct.pack("<H", number) + text(name) + text(encoding) + blob(data))

    def channel(self, schema):
        return self.record(CHANNEL, struct.pack("<HH", 1, schema) + text("example") + text("a" if schema else "text") +
                           table([text("foo") + text("bar")] if schema else []))

    def write(self):
        schemas, messages = SCHEMAS.get(self.content, []), CONTENTS[self.content]
        channels = [self.channel(len(schemas))] if messages else []
        self.out += self.record(HEADER, text("") + text(""))
        indexes = {STATISTICS: [], ATTACHMENT_INDEX: [], METADATA_INDEX: [], CHUNK_INDEX: []}
        if self.content == "OneAttachment":
            self.attachment(indexes)
        if self.content == "OneMetadata":
            self.metadata(indexes)
        self.messages(schemas, messages, indexes)
        self.out += self.record(DATA_END, struct.pack("<I", zlib.crc32(self.out) if self.checked[0] else 0))
        if self.has("st"):
            times = [time for _, _, time, _, _ in messages] or [0]
            counts = [struct.pack("<HQ", 1, len(messages))] if messages else []
            indexes[STATISTICS].append(self.record(STATISTICS, struct.pack(
                "<QHIIIIQQ", len(messages), len(schemas), len(channels), int(self.content == "OneAttachment"),
                int(self.content == "OneMetadata"), int(self.has("ch")), min(times), max(times)) + table(counts)))
        groups = [(SCHEMA, [self.schema(one) for one in schemas] if self.has("rsh") else []),
                  (CHANNEL, channels if self.has("rch") else []), *indexes.items()]
        self.summary([(opcode, b"".join(records)) for opcode, records in groups if records])
        return bytes(self.out)

    def attachment(self, indexes):
        fields = struct.pack("<QQ", 2, 1) + text("myFile") + text("application/octet-stream") + struct.pack("<Q", 3) + b"\x01\x02\x03"
        record = self.record(ATTACHMENT, fields + struct.pack("<I", zlib.crc32(fields)))
        if self.has("ax"):
            indexes[ATTACHMENT_INDEX].append(self.record(ATTACHMENT_INDEX, struct.pack(
                "<QQQQQ", len(self.out), len(record), 2, 1, 3) + text("myFile") + text("application/octet-stream")))
        self.out += record

    def metadata(self, indexes):
        record = self.record(METADATA, text("myMetadata") + table([text("foo") + text("bar")]))
        if self.has("mdx"):
            indexes[METADATA_INDEX].append(self.record(METADATA_INDEX, struct.pack("<QQ", len(self.out), len(record)) + text("myMetadata")))
        self.out += record

    def messages(self, schemas, messages, indexes):
        self.in_chunk = self.has("ch")
        before = b"".join(self.schema(one) for one in schemas) + (self.channel(len(schemas)) if messages else b"")
        places, body = [], bytearray(before)
        for channel, sequence, log_time, publish_time, data in messages:
            places.append((log_time, len(body)))
            body += self.record(MESSAGE, struct.pack("<HIQQ", channel, sequence, log_time, publish_time) + data)
        self.in_chunk = False
        if not self.has("ch"):
            self.out += body
            return
        start, first, last = len(self.out), min(places)[0], max(places)[0]
        self.out += self.record(CHUNK, struct.pack("<QQQI", first, last, len(body), zlib.crc32(body)) + text("") +
                                struct.pack("<Q", len(body)) + bytes(body))
        length, index_start = len(self.out) - start, len(self.out)
        offsets = []
        if self.has("mx"):
            offsets.append(struct.pack("<HQ", 1, index_start))
            self.out += self.record(MESSAGE_INDEX, struct.pack("<H", 1) + table([struct.pack("<QQ", *place) for place in places]))
        if self.has("chx"):
            indexes[CHUNK_INDEX].append(self.record(CHUNK_INDEX, struct.pack("<QQQQ", first, last, start, length) + table(offsets) +
                                                    struct.pack("<Q", len(self.out) - index_start) + text("") +
                                                    struct.pack("<QQ", len(body), len(body))))

    def summary(self, groups):
        start = len(self.out)
        offsets = []
        for opcode, records in groups:
            offsets.append(self.record(SUMMARY_OFFSET, struct.pack("<BQQ", opcode, len(self.out), len(records))))
            self.out += records
        offset_start = len(self.out) if self.has("sum") and groups else 0
        if self.has("sum"):
            self.out += b"".join(offsets)
        footer = struct.pack("<QQ", start if groups else 0, offset_start)
        length = 20
        covered = bytes(self.out[start:]) + struct.pack("<BQ", FOOTER, length) + footer
        # A footer is found by its length from the end: nothing is put behind its fields.
        self.out += struct.pack("<BQ", FOOTER, length) + footer + struct.pack("<I", zlib.crc32(covered) if self.checked[1] else 0) + MAGIC

    def expected(self):
        """What a reader finds before the summary, in the order of the file."""
        schemas, messages = SCHEMAS.get(self.content, []), CONTENTS[self.content]
        found = ["header"]
        if self.content == "OneAttachment":
            found.append("attachment myFile application/octet-stream 2 1 010203")
        if self.content == "OneMetadata":
            found.append("metadata myMetadata foo=bar")
        found += [f"schema {number} {name} {encoding} {data.hex()}" for number, name, encoding, data in schemas]
        if messages:
            found.append("channel 1 1 example a foo=bar" if schemas else "channel 1 0 example text ")
        found += [f"message {channel} {sequence} {log_time} {publish_time} {data.hex()}"
                  for channel, sequence, log_time, publish_time, data in messages]
        return found


def variants():
    for content, applicable in FEATURES.items():
        for chosen in itertools.product((False, True), repeat=len(applicable)):
            features = [feature for feature, used in zip(applicable, chosen) if used]
            if "ch" not in features and ("mx" in features or "chx" in features):
                continue
            yield "-".join([content, *sorted(features)]), content, features


def check():
    wrong, unknown = [], set(KNOWN)
    for name, content, features in variants():
        if name not in KNOWN:
            continue
        unknown.remove(name)
        files = [File(content, features, checked).write() for checked in itertools.product((True, False), repeat=2)]
        if KNOWN[name] not in {hashlib.sha256(file).hexdigest() for file in files}:
            wrong.append(name)
    if wrong or unknown:
        sys.exit(f"mcap_variants: not the suite's bytes: {', '.join(wrong) or 'none'}; no variant is called: {', '.join(unknown) or 'none'}")
    print(f"mcap_variants: {len(KNOWN)} variants have the suite's digests")


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    folder, expected = pathlib.Path(sys.argv[1]), {}
    for name, content, features in variants():
        file = File(content, features)
        (folder / f"{name}.mcap").write_bytes(file.write())
        expected[name] = file.expected()
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main()
