// Reads fields of a protobuf message in place: for what must cost next to nothing where times are taken.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct field {
  uint32_t number;
  uint64_t value;        // of a varint or a fixed width
  const uint8_t *bytes;  // of a length-delimited one
  size_t size;
};

static inline bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *value) {
  *value = 0;
  for (int shift = 0; shift < 64 && *at < end; shift += 7) {
    uint8_t byte = *(*at)++;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return true;
  }
  return false;
}

/// The next field; false at the end, and where the bytes are no message.
static inline bool next_field(const uint8_t **at, const uint8_t *end, struct field *field) {
  uint64_t tag;
  if (*at >= end || !read_varint(at, end, &tag)) return false;
  field->number = (uint32_t)(tag >> 3);
  field->bytes = NULL;
  field->size = 0;
  field->value = 0;
  switch (tag & 7) {
    case 0: return read_varint(at, end, &field->value);
    case 1:
      if (end - *at < 8) return false;
      memcpy(&field->value, *at, 8);
      *at += 8;
      return true;
    case 2: {
      uint64_t size;
      if (!read_varint(at, end, &size) || size > (uint64_t)(end - *at)) return false;
      field->bytes = *at;
      field->size = (size_t)size;
      *at += size;
      return true;
    }
    case 5:
      if (end - *at < 4) return false;
      memcpy(&field->value, *at, 4);
      *at += 4;
      return true;
    default: return false;
  }
}

/// The sequence number in the header of a message (field 1, and 3 in it); 0 when there is none.
static inline uint64_t header_sequence(const uint8_t *at, size_t size) {
  const uint8_t *end = at + size;
  struct field field;
  while (next_field(&at, end, &field)) {
    if (field.number != 1 || field.bytes == NULL) continue;
    const uint8_t *inner = field.bytes, *inner_end = field.bytes + field.size;
    struct field part;
    while (next_field(&inner, inner_end, &part))
      if (part.number == 3) return part.value;
    return 0;
  }
  return 0;
}

/// What the receiver wants of a Verdict (proto/odcv/v1/verdict.proto).
struct verdict_facts {
  uint64_t action_sequence;
  uint64_t judged, outcome, decision;
  int64_t latency_ns;
};

static inline struct verdict_facts read_verdict(const uint8_t *at, size_t size) {
  struct verdict_facts facts = {0};
  const uint8_t *end = at + size;
  struct field field;
  while (next_field(&at, end, &field)) {
    switch (field.number) {
      case 3: facts.action_sequence = field.value; break;
      case 4: facts.judged = field.value; break;
      case 5: facts.outcome = field.value; break;
      case 6: facts.decision = field.value; break;
      case 10: facts.latency_ns = (int64_t)field.value; break;
      default: break;
    }
  }
  return facts;
}
