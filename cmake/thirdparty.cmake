# What we build upon. From packages: libcurl, OpenSSL 3, PCRE2, uthash, cmocka. From sources, so that they are
# sanitized and fuzzed with us: CivetWeb and cJSON, which ci/setup fetches into build/thirdparty.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
if(BUILD_TESTING)
    pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()
find_path(UTHASH_INCLUDE_DIR uthash.h)
if(NOT UTHASH_INCLUDE_DIR)
    message(FATAL_ERROR "uthash.h is missing. Run ci/setup, or install the package uthash-dev.")
endif()

# Finds the sources of one library: the given cache variable, else the newest folder that ci/setup unpacked.
function(thirdparty_sources variable package marker)
    set(place "${${variable}}")
    if(NOT place)
        file(GLOB found ${CMAKE_SOURCE_DIR}/build/thirdparty/${package}-*/${marker})
        list(SORT found COMPARE NATURAL ORDER DESCENDING)
        list(POP_FRONT found place)
        string(REGEX REPLACE "/${marker}$" "" place "${place}")
    endif()
    if(NOT EXISTS "${place}/${marker}")
        message(FATAL_ERROR
            "The sources of ${package} are missing: no ${marker} in -D${variable} or build/thirdparty.\n"
            "Run ci/setup, which fetches them, or give their folder with -D${variable}=DIR.")
    endif()
    message(STATUS "${package}: ${place}")
    set(${variable} "${place}" PARENT_SCOPE)
endfunction()

set(CIVETWEB_SOURCE_DIR "" CACHE PATH "CivetWeb's sources; empty: build/thirdparty/civetweb-*")
set(CJSON_SOURCE_DIR "" CACHE PATH "cJSON's sources; empty: build/thirdparty/cjson-*")
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
