# Turns a text file into a C string:  cmake -DFILE=in -DNAME=symbol -DOUT=out.c -P embed.cmake
file(READ ${FILE} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
get_filename_component(from ${FILE} NAME)
file(WRITE ${OUT} "/* Made from ${from}. */\nextern const char ${NAME}[];\nconst char ${NAME}[] =\n    \"${text}\";\n")
