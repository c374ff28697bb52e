#!/usr/bin/env python3
"""Writes MCAP files with writers that are not ours, for our reader to read.

    foreign_mcap.py WRITER FILE COUNT

WRITER is foxglove (the Foxglove SDK, in Rust), mcap (PyPI mcap) or mcap-lz4. COUNT messages go on topic `t`, in chunks of some kilobytes
compressed with zstd: the body of message i is i as decimal digits, 1 + i % 50 times, one after the other; its log time is 1000 + i.
Needs: pip install foxglove-sdk mcap
"""
import sys

from mcap.writer import CompressionType, Writer


def body(i):
    return str(i).encode() * (1 + i % 50)


def foxglove_file(path, count):
    import foxglove
    from foxglove.mcap import MCAPCompression, MCAPWriteOptions

    options = MCAPWriteOptions(compression=MCAPCompression.Zstd, chunk_size=4096)
    with foxglove.open_mcap(path, writer_options=options):
        channel = foxglove.Channel("t", message_encoding="json", schema={"type": "object"})
        for i in range(count):
            channel.log(body(i), log_time=1000 + i)


def mcap_file(path, count, compression):
    with open(path, "wb") as file:
        writer = Writer(file, chunk_size=4096, compression=compression, enable_crcs=True, enable_data_crcs=True)
        writer.start()
        schema = writer.register_schema("s", "jsonschema", b"{}")
        channel = writer.register_channel("t", "json", schema)
        for i in range(count):
            writer.add_message(channel, log_time=1000 + i, publish_time=1000 + i, sequence=i, data=body(i))
        writer.finish()


def main():
    writer, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if writer == "foxglove":
        foxglove_file(path, count)
    else:
        mcap_file(path, count, CompressionType.LZ4 if writer == "mcap-lz4" else CompressionType.ZSTD)


if __name__ == "__main__":
    main()
