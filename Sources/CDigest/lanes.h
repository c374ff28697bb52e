// A kernel of LANES lanes: the whole of FIPS 180-4, sections 5.1.1 and 6.2.2, with a vector in place of each word.

#include <string.h>

#define BLOCK 64

typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));

static const uint32_t rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

#define ROTATED(x, n) ((x) >> (n) | (x) << (32 - (n)))

/// Takes a block of each lane in. Where `live` is 0 the lane has no more of them and stays as it is.
static void compress(lanes state[8], const uint8_t *const *blocks, lanes live) {
  lanes words[16];
  for (int word = 0; word < 16; word++) {
    uint32_t column[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      uint32_t value;
      memcpy(&value, blocks[lane] + 4 * word, 4);
      column[lane] = __builtin_bswap32(value);
    }
    memcpy(&words[word], column, sizeof column);
  }
  lanes a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
#pragma clang loop unroll_count(16)
  for (int round = 0; round < 64; round++) {
    int at = round & 15;
    if (round >= 16) {
      lanes early = words[(round + 1) & 15], late = words[(round + 14) & 15];
      words[at] += (ROTATED(early, 7) ^ ROTATED(early, 18) ^ early >> 3) + words[(round + 9) & 15] +
                   (ROTATED(late, 17) ^ ROTATED(late, 19) ^ late >> 10);
    }
    lanes first = h + (ROTATED(e, 6) ^ ROTATED(e, 11) ^ ROTATED(e, 25)) + (g ^ (e & (f ^ g))) + rounds[round] + words[at];
    lanes second = (ROTATED(a, 2) ^ ROTATED(a, 13) ^ ROTATED(a, 22)) + ((a & b) | (c & (a | b)));
    h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
  }
  const lanes result[8] = {a, b, c, d, e, f, g, h};
  for (int word = 0; word < 8; word++) state[word] += result[word] & live;
}

static void digest(const uint8_t *const *messages, const size_t *lengths, uint8_t *digests) {
  // What does not fill a block, the bit behind it and the length: one block or two.
  uint8_t tails[LANES][2 * BLOCK];
  size_t whole[LANES], blocks[LANES], most = 0;
  for (int lane = 0; lane < LANES; lane++) {
    size_t rest = lengths[lane] % BLOCK;
    whole[lane] = lengths[lane] / BLOCK;
    blocks[lane] = whole[lane] + (rest < BLOCK - 8 ? 1 : 2);
    if (blocks[lane] > most) most = blocks[lane];
    memset(tails[lane], 0, sizeof tails[lane]);
    if (rest > 0) memcpy(tails[lane], messages[lane] + lengths[lane] - rest, rest);
    tails[lane][rest] = 0x80;
    uint64_t bits = __builtin_bswap64((uint64_t)lengths[lane] * 8);
    memcpy(tails[lane] + BLOCK * (blocks[lane] - whole[lane]) - 8, &bits, 8);
  }
  lanes state[8];
  for (int word = 0; word < 8; word++) state[word] = (lanes){} + start[word];
  for (size_t block = 0; block < most; block++) {
    const uint8_t *at[LANES];
    lanes live;
    for (int lane = 0; lane < LANES; lane++) {
      live[lane] = block < blocks[lane] ? UINT32_MAX : 0;
      at[lane] = block < whole[lane]    ? messages[lane] + BLOCK * block
                 : block < blocks[lane] ? tails[lane] + BLOCK * (block - whole[lane])
                                        : tails[lane];
    }
    compress(state, at, live);
  }
  for (int word = 0; word < 8; word++) {
    for (int lane = 0; lane < LANES; lane++) {
      uint32_t value = __builtin_bswap32(state[word][lane]);
      memcpy(digests + 32 * lane + 4 * word, &value, 4);
    }
  }
}

const odcv_sha256_kernel KERNEL = {KERNEL_NAME, LANES, digest};
