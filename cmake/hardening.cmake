# Release programs and libraries, third-party sources among them: the compiler's and linker's usual defences, what pays
# for them, and no path of the machine that built them. Debug builds are left alone: they carry sanitizers, counters, or a debugger.
include(CheckPIESupported)
check_pie_supported()

if(CMAKE_C_FLAGS MATCHES "-fsanitize|--coverage")
    return()
endif()

# What the defences cost, link-time optimisation and calls without a detour give back. Objects are fat, so that the
# installed archive (client/package.cmake) holds plain code.
set(speed -fno-plt)
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
    list(APPEND speed -flto=auto -ffat-lto-objects)
    # Seeing through CivetWeb's getters, gcc takes for possible that a connection has no server.
    add_link_options("$<$<CONFIG:Release>:-flto=auto;-Wno-stringop-overflow>")
endif()

# Level 3 also watches over sizes known only when the program runs; gcc 12 is the first to have it.
set(fortify 2)
if(CMAKE_C_COMPILER_ID STREQUAL GNU AND CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 12)
    set(fortify 3)
endif()
set(hardening -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${fortify})

# What is left is relative to the project's root, where a debugger finds it. The last that fits counts. The linker
# compiles too, and is told the same.
set(no_paths -ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
foreach(package CIVETWEB CJSON)
    if(${package}_SOURCE_DIR)
        string(TOLOWER ${package} name)
        list(APPEND no_paths -ffile-prefix-map=${${package}_SOURCE_DIR}=${name})
    endif()
endforeach()

add_compile_options("$<$<CONFIG:Release>:${hardening};${speed};${no_paths}>")
add_link_options("$<$<CONFIG:Release>:-Wl,-z,relro,-z,now,-z,noexecstack;${no_paths}>")
