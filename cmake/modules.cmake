# How our own code is compiled, and the helpers that the module and test lists use.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_compile_options(-ffunction-sections -fdata-sections)
if(EMSCRIPTEN)
  # Size is what a page pays for; the decoders ask for -O3 themselves. Not in CMAKE_*_FLAGS: they reach
  # the link too, where -Oz brings a C library whose memcpy is half as fast.
  set(CMAKE_CXX_FLAGS_RELEASE "-DNDEBUG")
  set(CMAKE_C_FLAGS_RELEASE "-DNDEBUG")
  add_compile_options($<$<CONFIG:Release>:-Oz> -fno-exceptions -msimd128 -flto)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
  add_compile_definitions(EMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)
endif()
if(MIFASCOPE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
                      -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=address,undefined)
endif()
if(MIFASCOPE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

set(MIFASCOPE_WARNINGS -Wall -Wextra -Wconversion -Wshadow)
# Who only installs the command has other compilers, with warnings of their own.
if(NOT MIFASCOPE_COMMAND_ONLY)
  list(APPEND MIFASCOPE_WARNINGS -Werror)
endif()

# mifa_module(<name> SOURCES … DEPENDS …): one library `<name>` of src/<name>. The arrows allowed
# between modules are checked on the includes by scripts/check-arrows.
function(mifa_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
  target_compile_options(${name} PRIVATE ${MIFASCOPE_WARNINGS})
endfunction()

# mifa_test(<name> SOURCES … DEPENDS …): a GoogleTest program, run by ctest from the source root.
function(mifa_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} third_party_gtest)
  target_compile_options(${name} PRIVATE ${MIFASCOPE_WARNINGS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

# mifa_fuzzer(<name> SOURCES … DEPENDS …): a libFuzzer program, only with MIFASCOPE_FUZZ.
# Its crashes are kept in tests/vectors/fuzz/<name>/, which every run replays first.
function(mifa_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  if(NOT MIFASCOPE_FUZZ)
    return()
  endif()
  add_executable(fuzz_${name} ${ARG_SOURCES})
  target_link_libraries(fuzz_${name} PRIVATE ${ARG_DEPENDS})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_compile_options(fuzz_${name} PRIVATE ${MIFASCOPE_WARNINGS})
endfunction()
