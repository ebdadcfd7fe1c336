// Undoes bitshuffle (Blosc's BLOSC_BITSHUFFLE).
#pragma once

#include "codec/bytes.h"

namespace mifa::codec {

// `in` holds the bits of the elements as planes: first bit 0 of every element, then bit 1, and so on,
// eight elements a byte, least significant first. Elements after the last whole group of eight, and
// bytes after the last element, follow as they are if the number of elements is a multiple of eight;
// otherwise nothing was shuffled. `scratch` is as long as `in`; no two overlap. False on an element
// size that the library below refuses.
bool bit_unshuffle(Bytes in, MutableBytes out, MutableBytes scratch, int element_size);

}  // namespace mifa::codec
