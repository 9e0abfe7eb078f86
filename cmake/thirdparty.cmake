# What we build upon. From packages: libcurl, OpenSSL 3, PCRE2, zlib, uthash, cmocka. From sources, so that they are
# sanitized and fuzzed with us: CivetWeb and cJSON, which ci/setup fetches into build/thirdparty as ci/thirdparty.lock pins them.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
find_package(ZLIB REQUIRED)
if(BUILD_TESTING)
    pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()
find_path(UTHASH_INCLUDE_DIR uthash.h)
if(NOT UTHASH_INCLUDE_DIR)
    message(FATAL_ERROR "uthash.h is missing. Run ci/setup, or install the package uthash-dev.")
endif()

# The lock's lines on one package, and what ci/setup wrote down as unpacked: its version and two checksums, as one text.
function(thirdparty_pin out package file)
    set(pin "")
    if(EXISTS ${file})
        file(READ ${file} text)
        if(text MATCHES "(^|\n)${package} ([^ \n]+)[^\n]*\n([0-9a-f]+  [^\n]+\n[0-9a-f]+  [^\n]+)\n")
            set(pin "${CMAKE_MATCH_2} ${CMAKE_MATCH_3}")
        endif()
    endif()
    set(${out} "${pin}" PARENT_SCOPE)
endfunction()

# Finds the sources of one library: the given cache variable, else the folder that ci/setup unpacked from the pinned
# archives. Any other folder there is not taken.
function(thirdparty_sources variable package marker)
    set(place "${${variable}}")
    if(NOT place)
        set(thirdparty ${CMAKE_SOURCE_DIR}/build/thirdparty)
        thirdparty_pin(pinned ${package} ${CMAKE_SOURCE_DIR}/ci/thirdparty.lock)
        thirdparty_pin(unpacked ${package} ${thirdparty}/${package}.origin)
        string(REGEX MATCH "^([^ ]+)" version "${pinned}")
        string(REGEX MATCH "^([^ ]+)" found "${unpacked}")
        if(unpacked AND NOT unpacked STREQUAL pinned)
            message(FATAL_ERROR
                "build/thirdparty holds ${package} ${found}, but ci/thirdparty.lock pins ${version}, or other archives "
                "of it.\nRun ci/setup, which fetches them, or give a folder with -D${variable}=DIR.")
        endif()
        if(unpacked)
            string(REGEX REPLACE "[+-].*" "" upstream "${version}")
            set(place ${thirdparty}/${package}-${upstream})
        endif()
    endif()
    if(NOT EXISTS "${place}/${marker}")
        message(FATAL_ERROR
            "The sources of ${package} are missing: no ${marker} in -D${variable} or build/thirdparty.\n"
            "Run ci/setup, which fetches them, or give their folder with -D${variable}=DIR.")
    endif()
    message(STATUS "${package}: ${place}")
    set(${variable} "${place}" PARENT_SCOPE)
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/ci/thirdparty.lock)
set(CIVETWEB_SOURCE_DIR "" CACHE PATH "CivetWeb's sources; empty: those of ci/thirdparty.lock")
set(CJSON_SOURCE_DIR "" CACHE PATH "cJSON's sources; empty: those of ci/thirdparty.lock")
thirdparty_sources(CIVETWEB_SOURCE_DIR civetweb src/civetweb.c)
thirdparty_sources(CJSON_SOURCE_DIR cjson cJSON.c)

add_library(thirdparty_cjson STATIC ${CJSON_SOURCE_DIR}/cJSON.c)
add_library(thirdparty::cjson ALIAS thirdparty_cjson)
target_include_directories(thirdparty_cjson SYSTEM INTERFACE ${CJSON_SOURCE_DIR})
# cJSON asks strncmp for null, false and true before each value: gcc compares as few bytes as these by itself.
target_compile_options(thirdparty_cjson PRIVATE
    -w $<$<C_COMPILER_ID:GNU>:--param=builtin-string-cmp-inline-length=5>)
target_compile_definitions(thirdparty_cjson PUBLIC CJSON_HIDE_SYMBOLS)

add_library(thirdparty_civetweb STATIC ${CIVETWEB_SOURCE_DIR}/src/civetweb.c)
add_library(thirdparty::civetweb ALIAS thirdparty_civetweb)
target_include_directories(thirdparty_civetweb SYSTEM INTERFACE ${CIVETWEB_SOURCE_DIR}/include)
target_include_directories(thirdparty_civetweb PRIVATE ${CIVETWEB_SOURCE_DIR}/include)
target_compile_options(thirdparty_civetweb PRIVATE -w)
target_compile_definitions(thirdparty_civetweb
    PRIVATE OPENSSL_API_3_0 NO_SSL_DL USE_STACK_SIZE=1048576 _GNU_SOURCE
    PUBLIC USE_IPV6 NO_CGI NO_FILES NO_CACHING)
target_link_libraries(thirdparty_civetweb PRIVATE OpenSSL::SSL OpenSSL::Crypto Threads::Threads ${CMAKE_DL_LIBS})
