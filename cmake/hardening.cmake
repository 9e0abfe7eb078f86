# Release programs and libraries, third-party sources among them: the compiler's and linker's usual defences, and no
# path of the machine that built them. Debug builds are left alone: they carry sanitizers, counters, or a debugger.
include(CheckPIESupported)
check_pie_supported()

if(CMAKE_C_FLAGS MATCHES "-fsanitize|--coverage")
    return()
endif()

# Level 3 also watches over sizes known only when the program runs; gcc 12 is the first to have it.
set(fortify 2)
if(CMAKE_C_COMPILER_ID STREQUAL GNU AND CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 12)
    set(fortify 3)
endif()
set(hardening -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${fortify})

# What is left is relative to the project's root, where a debugger finds it. The last that fits counts.
list(APPEND hardening -ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
foreach(package CIVETWEB CJSON)
    if(${package}_SOURCE_DIR)
        string(TOLOWER ${package} name)
        list(APPEND hardening -ffile-prefix-map=${${package}_SOURCE_DIR}=${name})
    endif()
endforeach()

add_compile_options("$<$<CONFIG:Release>:${hardening}>")
add_link_options("$<$<CONFIG:Release>:-Wl,-z,relro,-z,now,-z,noexecstack>")
