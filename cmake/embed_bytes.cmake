# Writes OUTPUT, a header with the bytes of INPUT as the array NAME.
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#pragma once\n\ninline constexpr unsigned char ${NAME}[] = {${bytes}};\n")
