"""Copies a recording with one byte of one state changed, all checksums made anew. Usage: change_byte.py IN OUT"""
import sys

from mcap.reader import make_reader
from mcap.writer import CompressionType, Writer

with open(sys.argv[1], "rb") as source, open(sys.argv[2], "wb") as target:
    reader = make_reader(source, validate_crcs=True)
    summary = reader.get_summary()
    header = reader.get_header()
    writer = Writer(target, compression=CompressionType.NONE)
    writer.start(profile=header.profile, library=header.library)
    schemas = {s.id: writer.register_schema(s.name, s.encoding, s.data) for s in summary.schemas.values()}
    channels = {c.id: writer.register_channel(c.topic, c.message_encoding, schemas[c.schema_id], dict(c.metadata))
                for c in summary.channels.values()}
    for attachment in reader.iter_attachments():
        writer.add_attachment(attachment.create_time, attachment.log_time, attachment.name, attachment.media_type,
                              attachment.data)
    for metadata in reader.iter_metadata():
        writer.add_metadata(metadata.name, metadata.metadata)
    states = [c.id for c in summary.channels.values() if "/state/" in c.topic]
    middle = sum(summary.statistics.channel_message_counts[c] for c in states) // 2
    seen = 0
    changed = False
    for _, channel, message in reader.iter_messages(log_time_order=False):
        data = message.data
        if channel.id in states:
            seen += 1
            if seen == middle:
                # The lowest byte of the first joint position: field 2, packed doubles.
                at = data.index(b"\x12\x38") + 2
                data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
                changed = True
        writer.add_message(channels[channel.id], message.log_time, data, message.publish_time, message.sequence)
    writer.finish()
if not changed:
    sys.exit("change_byte: the recording holds no state")
