/* Stands in for c-blosc's shuffle.c where SSE2 is always there: x86-64, and WebAssembly with
   -msimd128 -msse2. The library's own file picks an implementation at run time by cpuid, which
   WebAssembly has not, and would fall back to the scalar code at half the speed. Only the decoding
   half is given; nothing here compresses. */

#include <string.h>

#include "bitshuffle-sse2.h"
#include "shuffle-sse2.h"
#include "shuffle.h"

void blosc_internal_unshuffle(const size_t bytesoftype, const size_t blocksize,
                              const uint8_t* src, const uint8_t* dest) {
  blosc_internal_unshuffle_sse2(bytesoftype, blocksize, src, (uint8_t*)dest);
}

int blosc_internal_bitunshuffle(const size_t bytesoftype, const size_t blocksize,
                                const uint8_t* const src, const uint8_t* dest,
                                const uint8_t* tmp) {
  const size_t count = blocksize / bytesoftype;
  if (count % 8 != 0) { /* the encoder leaves such a block as it was */
    memcpy((void*)dest, src, blocksize);
    return (int)count;
  }
  const int result = (int)blosc_internal_bshuf_untrans_bit_elem_sse2(
      (void*)src, (void*)dest, count, bytesoftype, (void*)tmp);
  const size_t done = count * bytesoftype;
  memcpy((void*)(dest + done), src + done, blocksize - done);
  return result;
}
