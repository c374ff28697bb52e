#ifndef ODCV_CDIGEST_H
#define ODCV_CDIGEST_H

// SHA-256 (FIPS 180-4) of several messages at once, each in a lane of a vector. One message has no two blocks that could be hashed side
// by side, so on a processor without instructions for SHA-256 a digest of each of many messages is had several times sooner than one of
// all of them. Compiled for several processors and chosen at run time; libsodium's is the reference that the tests hold it against.

#include <stddef.h>
#include <stdint.h>

typedef struct {
  const char *name;
  /// How many messages it takes at once.
  size_t lanes;
  /// `messages`, `lengths` and `digests` have an element, and 32 bytes, for each lane. A message of length 0 may be NULL.
  void (*digest)(const uint8_t *const *messages, const size_t *lengths, uint8_t *digests);
} odcv_sha256_kernel;

/// The kernels that this processor runs, the widest at place 0; NULL behind the last.
const odcv_sha256_kernel *odcv_sha256_kernel_at(size_t place);

/// The digest of each of `count` messages, 32 bytes one after the other.
void odcv_sha256_each(const odcv_sha256_kernel *kernel, const uint8_t *const *messages, const size_t *lengths, size_t count,
                      uint8_t *digests);

#endif
