#!/usr/bin/env python3
"""Checks an MCAP file with readers that are not ours: PyPI mcap (CRC validation on), mcap-protobuf-support and rerun.

    mcap_oracle.py FILE [--expect TOPIC=COUNT]... [--proto DIRECTORY]

With --proto, the schemas in the file are compared with what protoc makes of the .proto files in DIRECTORY, type by type.

Prints one line per topic, `TOPIC COUNT`. Exit 0: in order; 1: the first thing that is not, on standard error.
Needs: pip install mcap mcap-protobuf-support rerun-sdk
"""
import argparse
import glob
import os
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter

import zstandard
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.unknown_fields import UnknownFieldSet
from mcap.reader import NonSeekingReader, make_reader
from mcap.stream_reader import StreamReader
from mcap_protobuf.decoder import DecoderFactory

PACKAGES = ["odcv/v1", "foxglove", "google/protobuf"]
MAGIC = b"\x89MCAP0\r\n"


def require(condition, text):
    if not condition:
        sys.exit(f"mcap_oracle: {text}")


def records(data):
    """(opcode, offset, content) of each record outside chunks."""
    offset = len(MAGIC)
    while offset < len(data) - len(MAGIC):
        opcode, length = struct.unpack_from("<BQ", data, offset)
        yield opcode, offset, data[offset + 9 : offset + 9 + length]
        offset += 9 + length


def check_bytes(path):
    """The checksums, with Python's own zlib."""
    data = open(path, "rb").read()
    require(data.startswith(MAGIC) and data.endswith(MAGIC), "the file lacks its magic at one end")
    seen = Counter()
    summary_start = None
    for opcode, offset, content in records(data):
        seen[opcode] += 1
        if opcode == 0x06:
            crc = struct.unpack_from("<I", content, 24)[0]
            name = struct.unpack_from("<I", content, 28)[0]
            stored, compression = content[32 + name + 8 :], content[32 : 32 + name].decode()
            require(compression in ("", "zstd"), f"chunk compression {compression} at {offset}")
            inside = zstandard.ZstdDecompressor().decompress(stored) if compression else stored
            require(len(inside) == struct.unpack_from("<Q", content, 16)[0], f"chunk size at {offset}")
            require(crc != 0 and crc == zlib.crc32(inside), f"chunk CRC at {offset}")
        elif opcode == 0x09:
            crc = struct.unpack_from("<I", content, len(content) - 4)[0]
            require(crc != 0 and crc == zlib.crc32(content[:-4]), f"attachment CRC at {offset}")
        elif opcode == 0x0F:
            crc = struct.unpack("<I", content)[0]
            require(crc != 0 and crc == zlib.crc32(data[:offset]), "data section CRC")
            summary_start = offset + 13
        elif opcode == 0x02:
            start, offsets, crc = struct.unpack("<QQI", content)
            require(start == summary_start, "summary start")
            require(crc != 0 and crc == zlib.crc32(data[start : offset + 9 + 16]), "summary CRC")
            require(data[offsets] == 0x0E, "summary offset start")
    require(seen[0x0F] == 1 and seen[0x02] == 1 and seen[0x0B] == 1, "needs one data end, footer and statistics each")
    require(seen[0x05] == 0, "a message outside any chunk")


def types(files):
    """Every message and enum of a FileDescriptorSet by its full name, as far as a decoder looks at it."""
    found = {}
    for file in files.file:
        for message in file.message_type:
            found[f"{file.package}.{message.name}"] = sorted(
                (f.number, f.name, f.label, f.type, f.type_name, f.options.packed) for f in message.field
            )
            for enum in message.enum_type:
                found[f"{file.package}.{message.name}.{enum.name}"] = [(v.number, v.name) for v in enum.value]
        for enum in file.enum_type:
            found[f"{file.package}.{enum.name}"] = [(v.number, v.name) for v in enum.value]
    return found


def check_schemas(schemas, directory):
    with tempfile.NamedTemporaryFile() as made:
        sources = sorted(path for folder in PACKAGES for path in glob.glob(f"{directory}/{folder}/*.proto"))
        subprocess.run(["protoc", f"-I{directory}", f"--descriptor_set_out={made.name}", *sources], check=True)
        truth = types(FileDescriptorSet.FromString(made.read()))
    for schema in schemas:
        ours = types(FileDescriptorSet.FromString(schema.data))
        require(schema.name in ours, f"{schema.name} is not in its own schema")
        for name, fields in ours.items():
            require(truth.get(name) == fields, f"{name} in the schema of {schema.name} is not what the .proto says")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--expect", action="append", default=[])
    parser.add_argument("--proto")
    options = parser.parse_args()
    check_bytes(options.file)

    counts = Counter()
    decoded = Counter()
    with open(options.file, "rb") as file:
        reader = make_reader(file, validate_crcs=True, decoder_factories=[DecoderFactory()])
        summary = reader.get_summary()
        for schema, channel, message in reader.iter_messages():
            counts[channel.topic] += 1
        if counts:
            for schema, channel, message, value in reader.iter_decoded_messages():
                require(value.DESCRIPTOR.full_name == schema.name, f"{channel.topic} decodes as another type")
                require(len(UnknownFieldSet(value)) == 0, f"{schema.name} has fields its schema does not know")
                decoded[channel.topic] += 1
        attachments = list(reader.iter_attachments())
        metadata = list(reader.iter_metadata())
    require(decoded == counts, "not every message decodes by the schema in the file")
    statistics = summary.statistics
    require(statistics.message_count == sum(counts.values()), "statistics: messages")
    require(statistics.attachment_count == len(attachments), "statistics: attachments")
    require(statistics.metadata_count == len(metadata), "statistics: metadata")
    require(statistics.chunk_count == len(summary.chunk_indexes), "statistics: chunks")
    require(statistics.schema_count == len(summary.schemas), "statistics: schemas")
    require(statistics.channel_count == len(summary.channels), "statistics: channels")
    by_topic = Counter()
    for number, count in statistics.channel_message_counts.items():
        by_topic[summary.channels[number].topic] += count
    require(+by_topic == counts, "statistics: messages by channel")

    with open(options.file, "rb") as file:
        linear = sum(1 for _ in NonSeekingReader(file, validate_crcs=True).iter_messages())
    require(linear == sum(counts.values()), "the linear reader sees another number of messages than the indexed one")
    with open(options.file, "rb") as file:
        for _ in StreamReader(file, emit_chunks=False, validate_crcs=True).records:
            pass

    # A reader in Rust.
    rerun = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "rerun"), "mcap", "check", "--full", options.file],
        env={**os.environ, "RERUN_ANALYTICS": "0"}, capture_output=True, text=True)
    require(rerun.returncode == 0, f"rerun mcap check: {rerun.stdout}{rerun.stderr}")

    if options.proto:
        check_schemas(summary.schemas.values(), options.proto)
    for expectation in options.expect:
        topic, count = expectation.rsplit("=", 1)
        require(counts[topic] == int(count), f"{topic}: {counts[topic]} messages, {count} expected")
    for topic in sorted(counts):
        print(topic, counts[topic])


if __name__ == "__main__":
    main()
