# Turns a file into a C array, with a NUL behind its bytes:  cmake -DFILE=in -DNAME=symbol -DOUT=out.c -P embed.cmake
file(READ ${FILE} bytes HEX)
file(SIZE ${FILE} size)
string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
string(REGEX REPLACE "((\\\\x..)(\\\\x..)(\\\\x..)(\\\\x..)(\\\\x..)(\\\\x..)(\\\\x..)(\\\\x..))" "\\1\"\n    \"" bytes "${bytes}")
get_filename_component(from ${FILE} NAME)
file(WRITE ${OUT} "/* Made from ${from}. */\n#include <stddef.h>\n"
    "extern const char ${NAME}[];\nextern const size_t ${NAME}_size;\n"
    "const char ${NAME}[] =\n    \"${bytes}\";\nconst size_t ${NAME}_size = ${size};\n")
