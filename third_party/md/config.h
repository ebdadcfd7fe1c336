/* libmd's configuration, in the place of what its configure script writes: of the three files that we
   compile, only the order of bytes depends on it. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define WORDS_BIGENDIAN 1
#endif
