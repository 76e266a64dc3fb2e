// Positional population count with the widest vectors this machine has: what a contender without a JVM reaches.
// Bit-planes as in our BitSlicedCountersV1, sixteen samples at a time through carry-save adders (Harley-Seal), the carry
// rippled into the planes above. Source: Klarqvist, Mula and Lemire, "Efficient computation of positional population
// counts using SIMD instructions", arXiv 1911.02696.
//   cc -O3 -march=native -o popcount positional_popcount.c
//   popcount BITS DENSITY SAMPLES_PER_BATCH RUNS    prints GB/s of each run of half a second; fails if it has miscounted
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__AVX512F__)
#include <immintrin.h>
typedef __m512i vector;
#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define AND(a, b) _mm512_and_si512(a, b)
#define XOR(a, b) _mm512_xor_si512(a, b)
#define XOR3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x96)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0xE8)
#define IS_ZERO(v) (_mm512_test_epi64_mask(v, v) == 0)
#elif defined(__AVX2__)
#include <immintrin.h>
typedef __m256i vector;
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(p), v)
#define AND(a, b) _mm256_and_si256(a, b)
#define XOR(a, b) _mm256_xor_si256(a, b)
#define XOR3(a, b, c) XOR(XOR(a, b), c)
#define MAJORITY(a, b, c) _mm256_or_si256(AND(a, b), AND(XOR(a, b), c))
#define IS_ZERO(v) _mm256_testz_si256(v, v)
#else
typedef uint64_t vector;
#define LOAD(p) (*(const uint64_t *)(p))
#define STORE(p, v) (*(uint64_t *)(p) = (v))
#define AND(a, b) ((a) & (b))
#define XOR(a, b) ((a) ^ (b))
#define XOR3(a, b, c) ((a) ^ (b) ^ (c))
#define MAJORITY(a, b, c) (((a) & (b)) | (((a) ^ (b)) & (c)))
#define IS_ZERO(v) ((v) == 0)
#endif

enum { PLANES = 30, BLOCK = 16, WIDTH = sizeof(vector), TOTAL_BYTES = 4 << 20 };

// Adds b and c to the plane *a and gives the carry.
static inline vector adder(vector *a, vector b, vector c) {
  vector carry = MAJORITY(*a, b, c);
  *a = XOR3(*a, b, c);
  return carry;
}

static inline void ripple(uint8_t *planes, vector carry, int plane) {
  for (; !IS_ZERO(carry); plane++) {
    vector sum = LOAD(planes + plane * WIDTH);
    STORE(planes + plane * WIDTH, XOR(sum, carry));
    carry = AND(sum, carry);
  }
}

// The planes of one column of WIDTH bytes lie together: they stay in the first cache while its samples are read.
static void add(uint8_t *state, const uint8_t *codes, size_t bytes, int samples) {
  for (size_t column = 0; column < bytes; column += WIDTH) {
    uint8_t *planes = state + column * PLANES;
    const uint8_t *in = codes + column;
    int sample = 0;
    for (; sample + BLOCK <= samples; sample += BLOCK) {
      vector one = LOAD(planes), two = LOAD(planes + WIDTH), four = LOAD(planes + 2 * WIDTH), eight = LOAD(planes + 3 * WIDTH);
      vector fours[4], eights[2];
      for (int i = 0; i < 4; i++) {
        const uint8_t *row = in + (size_t)(sample + 4 * i) * bytes;
        vector first = adder(&one, LOAD(row), LOAD(row + bytes));
        vector second = adder(&one, LOAD(row + 2 * bytes), LOAD(row + 3 * bytes));
        fours[i] = adder(&two, first, second);
      }
      eights[0] = adder(&four, fours[0], fours[1]);
      eights[1] = adder(&four, fours[2], fours[3]);
      vector carry = adder(&eight, eights[0], eights[1]);
      STORE(planes, one);
      STORE(planes + WIDTH, two);
      STORE(planes + 2 * WIDTH, four);
      STORE(planes + 3 * WIDTH, eight);
      ripple(planes, carry, 4);
    }
    for (; sample < samples; sample++) ripple(planes, LOAD(in + (size_t)sample * bytes), 0);
  }
}

static uint32_t count(const uint8_t *state, size_t bit) {
  size_t column = bit / 8 / WIDTH * WIDTH;
  uint32_t sum = 0;
  for (int plane = 0; plane < PLANES; plane++) {
    uint8_t byte = state[column * PLANES + plane * WIDTH + bit / 8 % WIDTH];
    sum |= (uint32_t)((byte >> (bit % 8)) & 1) << plane;
  }
  return sum;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static uint64_t random_state = 88172645463325252ULL;

static double random_share(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (random_state >> 11) * 0x1p-53;
}

static void *allocate(size_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (memory == NULL) {
    fprintf(stderr, "popcount: no memory for %zu bytes\n", bytes);
    exit(1);
  }
  return memset(memory, 0, bytes);
}

static void require_exact(const uint8_t *codes, size_t bytes, int samples) {
  uint8_t *state = allocate(bytes * PLANES);
  for (int repeat = 0; repeat < 3; repeat++) add(state, codes, bytes, samples);
  for (size_t bit = 0; bit < 8 * bytes; bit++) {
    uint32_t expected = 0;
    for (int sample = 0; sample < samples; sample++) expected += (codes[sample * bytes + bit / 8] >> (bit % 8)) & 1;
    if (count(state, bit) != 3 * expected) {
      fprintf(stderr, "popcount: bit %zu counts %u, not %u\n", bit, count(state, bit), 3 * expected);
      exit(1);
    }
  }
  free(state);
}

int main(int count_of_arguments, char **arguments) {
  if (count_of_arguments != 5) {
    fprintf(stderr, "popcount: give BITS DENSITY SAMPLES_PER_BATCH RUNS\n");
    return 2;
  }
  size_t bytes = strtoul(arguments[1], NULL, 10) / 8;
  double density = strtod(arguments[2], NULL);
  int samples = atoi(arguments[3]), runs = atoi(arguments[4]);
  if (bytes == 0 || bytes % WIDTH != 0 || samples < 1) {
    fprintf(stderr, "popcount: bits must be a multiple of %d, and samples 1 or more\n", 8 * WIDTH);
    return 2;
  }
  size_t batch = bytes * samples;
  size_t batches = TOTAL_BYTES / batch ? TOTAL_BYTES / batch : 1;
  uint8_t *codes = allocate(batch * batches);
  for (size_t bit = 0; bit < 8 * batch * batches; bit++) codes[bit / 8] |= (random_share() < density) << (bit % 8);
  require_exact(codes, bytes, samples);
  for (int run = 0; run < runs; run++) {
    uint8_t *state = allocate(bytes * PLANES);
    double start = seconds(), end = start;
    size_t added = 0;
    while (end - start < 0.5) {
      for (size_t i = 0; i < batches; i++) add(state, codes + i * batch, bytes, samples);
      added += batches;
      end = seconds();
    }
    printf("%.4f\n", added * (double)batch / (end - start) / 1e9);
    free(state);
  }
  return 0;
}
