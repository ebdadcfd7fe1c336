/* What libtiff asks of a platform, without a file system: the place of tif_unix.c. */
#include "tif_config.h"

#include <stdlib.h>
#include <string.h>

#include "tiffiop.h"

void *_TIFFmalloc(tmsize_t s) { return s == 0 ? NULL : malloc((size_t)s); }
void *_TIFFcalloc(tmsize_t nmemb, tmsize_t siz) {
  return nmemb == 0 || siz == 0 ? NULL : calloc((size_t)nmemb, (size_t)siz);
}
void _TIFFfree(void *p) { free(p); }
void *_TIFFrealloc(void *p, tmsize_t s) { return realloc(p, (size_t)s); }
void _TIFFmemset(void *p, int v, tmsize_t c) { memset(p, v, (size_t)c); }
void _TIFFmemcpy(void *d, const void *s, tmsize_t c) { memcpy(d, s, (size_t)c); }
int _TIFFmemcmp(const void *p1, const void *p2, tmsize_t c) { return memcmp(p1, p2, (size_t)c); }

/* Messages go to the handlers of each open file. */
TIFFErrorHandler _TIFFwarningHandler = NULL;
TIFFErrorHandler _TIFFerrorHandler = NULL;
