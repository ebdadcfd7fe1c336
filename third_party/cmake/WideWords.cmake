# Copies of zstd and libdeflate whose bit buffers are 64 bits wide on a 32-bit address space, and whose
# checksum makes its table itself.
#
# Both take the width of their bit buffer from size_t. WebAssembly has 32-bit addresses but native
# 64-bit integers, so they would run their slow 32-bit paths (in zstd without the fast Huffman
# loops). The copies are made at configure time under the build folder; each edit must match as many
# times as stated, so that a new version of a library cannot slip through half patched.

# In from and to, "@" stands for ";", which CMake would take for a list separator.
function(mifascope_edit file count from to)
  string(REPLACE "@" ";" from "${from}")
  string(REPLACE "@" ";" to "${to}")
  file(READ "${file}" text)
  string(REPLACE "${from}" "" without "${text}")
  string(LENGTH "${text}" before)
  string(LENGTH "${without}" after)
  string(LENGTH "${from}" each)
  math(EXPR found "(${before} - ${after}) / ${each}")
  if(NOT found EQUAL count)
    message(FATAL_ERROR "editing ${file}: expected ${count} of \"${from}\", found ${found}. "
                        "The library changed: check third_party/cmake/WideWords.cmake against it.")
  endif()
  string(REPLACE "${from}" "${to}" text "${text}")
  file(WRITE "${file}" "${text}")
endfunction()

# An edited copy of one file, written only when it would change.
function(mifascope_edited_copy source target count from to)
  configure_file("${source}" "${target}.new" COPYONLY)
  mifascope_edit("${target}.new" ${count} "${from}" "${to}")
  configure_file("${target}.new" "${target}" COPYONLY)
endfunction()

# Copies the tree only when the fetched one changed, so that a new configure run rebuilds nothing.
function(mifascope_copy source target result)
  file(READ "${source}/.fetched" stamp)
  file(SHA256 "${CMAKE_CURRENT_FUNCTION_LIST_FILE}" recipe)
  string(APPEND stamp "${recipe}")
  set(${result} FALSE PARENT_SCOPE)
  if(EXISTS "${target}/.widened")
    file(READ "${target}/.widened" old)
    if(old STREQUAL stamp)
      return()
    endif()
  endif()
  file(REMOVE_RECURSE "${target}")
  foreach(part IN LISTS ARGN)
    get_filename_component(folder "${target}/${part}" DIRECTORY)
    file(COPY "${source}/${part}" DESTINATION "${folder}")
  endforeach()
  set(${result} TRUE PARENT_SCOPE)
  set(widened_stamp "${stamp}" PARENT_SCOPE)
endfunction()

function(mifascope_widen_zstd source target)
  mifascope_copy("${source}" "${target}" copied lib/common lib/decompress lib/zstd.h
                 lib/zstd_errors.h)
  if(NOT copied)
    return()
  endif()
  set(mem "${target}/lib/common/mem.h")
  mifascope_edit("${mem}" 1 "{ return sizeof(size_t)==4@ }" "{ return 0@ }")
  mifascope_edit("${mem}" 1 "{ return sizeof(size_t)==8@ }" "{ return 1@ }")
  mifascope_edit("${mem}" 2 "MEM_STATIC size_t MEM_readLEST(" "MEM_STATIC U64 MEM_readLEST(")
  mifascope_edit("${mem}" 1 "return (size_t)MEM_readLE64(" "return MEM_readLE64(")
  set(bits "${target}/lib/common/bitstream.h")
  mifascope_edit("${bits}" 1 "typedef size_t BitContainerType@" "typedef U64 BitContainerType@")
  mifascope_edit("${bits}" 1 "MEM_STATIC size_t BIT_readBitsFast("
                 "MEM_STATIC BitContainerType BIT_readBitsFast(")
  # Shift and mask, as on x86-64: a table look-up is a memory access with a bounds check.
  mifascope_edit("${bits}" 1 "#if defined(__x86_64__) || defined(_M_X64)\n    return (bitContainer >>"
                 "#if 1\n    return (bitContainer >>")
  set(huffman "${target}/lib/decompress/huf_decompress.c")
  mifascope_edit("${huffman}" 1 "static size_t HUF_initFastDStream(" "static U64 HUF_initFastDStream(")
  mifascope_edit("${huffman}" 1 "size_t const value = MEM_readLEST(" "U64 const value = MEM_readLEST(")
  mifascope_edit("${huffman}" 2 "assert(sizeof(size_t) == 8)@" "")
  mifascope_edit("${huffman}" 1 "bit->limitPtr = bit->start + sizeof(size_t)@"
                 "bit->limitPtr = bit->start + sizeof(bit->bitContainer)@")
  # These three are about addresses, which stay 32 bits wide.
  set(block "${target}/lib/decompress/zstd_decompress_block.c")
  mifascope_edit("${block}" 2 "(MEM_32bits() && (size_t)(oend - op) <"
                 "(sizeof(size_t)==4 && (size_t)(oend - op) <")
  mifascope_edit("${block}" 1 "RETURN_ERROR_IF(MEM_64bits() && sizeof(size_t)"
                 "RETURN_ERROR_IF(sizeof(size_t)==8 && sizeof(size_t)")
  file(WRITE "${target}/.widened" "${widened_stamp}")
endfunction()

function(mifascope_widen_libdeflate source target)
  mifascope_copy("${source}" "${target}" copied lib common_defs.h libdeflate.h)
  if(NOT copied)
    return()
  endif()
  mifascope_edit("${target}/common_defs.h" 1 "typedef size_t machine_word_t@"
                 "typedef u64 machine_word_t@")
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/Crc32Tables.h" "${target}/lib/crc32_tables.h" COPYONLY)
  # The small table serves code of other architectures.
  set(crc32 "${target}/lib/crc32.c")
  mifascope_edit("${crc32}" 1 "crc32_slice1_table[" "crc32_slice8_table[")
  mifascope_edit("${crc32}" 1 "\tconst u8 *end64@\n" "\tconst u8 *end64@\n\n\tif (!crc32_slice8_table[1])\n\t\tmake_crc32_slice8_table()@\n")
  file(WRITE "${target}/.widened" "${widened_stamp}")
endfunction()
