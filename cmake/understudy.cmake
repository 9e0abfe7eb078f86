# Helpers for our own targets: warnings, folder-only includes, programs, unit tests.
#
#   understudy_library(NAME FOLDER source... DEPENDS target...)
#   understudy_program(NAME source... DEPENDS target...)
#   understudy_room(TARGET SOURCES source... SHOWS header... SEES room...)
#   understudy_unit_test(NAME source... DEPENDS target... LABELS label...)
#
# DEPENDS: targets of ours are seen by dependants too; third-party ones (with "::" in the name) are not,
# so that each dependency keeps one door. Inside a folder: #include "err.h". From others: #include "base/err.h".

add_library(understudy_flags INTERFACE)
target_compile_definitions(understudy_flags INTERFACE _GNU_SOURCE)
target_compile_options(understudy_flags INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -Werror
    -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wformat=2 -Wvla
    # gcc watches over signs; clang's check objects to every error code that is returned as an int.
    $<$<C_COMPILER_ID:Clang>:-Wno-sign-conversion>)

function(understudy_link name)
    target_link_libraries(${name} PRIVATE understudy_flags)
    get_target_property(type ${name} TYPE)
    foreach(dependency ${ARGN})
        if(type STREQUAL EXECUTABLE OR dependency MATCHES "::")
            target_link_libraries(${name} PRIVATE ${dependency})
        else()
            target_link_libraries(${name} PUBLIC ${dependency})
        endif()
    endforeach()
endfunction()

# A folder is shown to dependants through a directory that holds nothing but a link to it: "base/err.h" is found
# by those who depend on base, and a header of a folder that a target does not depend on is not found at all.
function(understudy_library name folder)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "DEPENDS")
    add_library(${name} STATIC ${arg_UNPARSED_ARGUMENTS})
    set(door ${CMAKE_BINARY_DIR}/include/${folder})
    file(MAKE_DIRECTORY ${door})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${door}/${folder} SYMBOLIC)
    target_include_directories(${name} PUBLIC ${door})
    understudy_link(${name} ${arg_DEPENDS})
endfunction()

# A room is a folder of one target. The first comment of its CMakeLists.txt is its sign. SHOWS are the headers that
# other rooms may include, SEES the rooms that it may include from; ci/tidy holds it to both.
function(understudy_room target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;SHOWS;SEES")
    target_sources(${target} PRIVATE ${arg_SOURCES})
endfunction()

function(understudy_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS")
    add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
    understudy_link(${name} ${arg_DEPENDS})
endfunction()

function(understudy_unit_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;LABELS")
    add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    understudy_link(${name} ${arg_DEPENDS} PkgConfig::CMOCKA)
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES
        LABELS "unit;${arg_LABELS}"
        TIMEOUT 120
        ENVIRONMENT "UNDERSTUDY_FIXTURES=${CMAKE_SOURCE_DIR}/fixtures")
endfunction()
