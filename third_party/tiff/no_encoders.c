/* The compressors that libtiff's and libspng's writers name. Nothing here writes: each says that it failed,
   and the compressors themselves stay out of the program. */
#include <stddef.h>

struct libdeflate_compressor;
struct libdeflate_compressor *libdeflate_alloc_compressor(int level) { return NULL; }
void libdeflate_free_compressor(struct libdeflate_compressor *c) {}
size_t libdeflate_zlib_compress_bound(struct libdeflate_compressor *c, size_t n) { return 0; }
size_t libdeflate_zlib_compress(struct libdeflate_compressor *c, const void *in, size_t n, void *out, size_t m) {
  return 0;
}

static const size_t kZstdError = (size_t)-1; /* ZSTD_error_GENERIC */
int ZSTD_maxCLevel(void) { return 0; }
void *ZSTD_createCStream(void) { return NULL; }
size_t ZSTD_freeCStream(void *s) { return 0; }
size_t ZSTD_initCStream(void *s, int level) { return kZstdError; }
size_t ZSTD_compressStream(void *s, void *out, void *in) { return kZstdError; }
size_t ZSTD_endStream(void *s, void *out) { return kZstdError; }

unsigned long compressBound(unsigned long n) { return 0; }
int compress2(unsigned char *out, unsigned long *m, const unsigned char *in, unsigned long n, int level) {
  return -2; /* Z_STREAM_ERROR */
}
