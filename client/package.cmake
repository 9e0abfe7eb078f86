# The client as others get it: one shared and one static library that show client.h's functions and nothing else,
# the header, a CMake package and a pkg-config file. Both are made of the very objects that the tests link.

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME library)

# Patterns, schemas and compressed bodies are for others: a client never reads one, and its users need neither PCRE2 nor zlib.
set(ground "$<FILTER:$<TARGET_OBJECTS:base>,EXCLUDE,/(inflate|regex|json_uri|json_schema[a-z_]*)[.]c[.]o$>")
set(parts $<TARGET_OBJECTS:client> ${ground} $<TARGET_OBJECTS:thirdparty_cjson>)
set(needs CURL::libcurl OpenSSL::Crypto Threads::Threads)

add_library(client_shared SHARED ${parts})
set_target_properties(client_shared PROPERTIES
    OUTPUT_NAME understudy-client
    EXPORT_NAME client
    LINKER_LANGUAGE C
    VERSION ${PROJECT_VERSION}
    SOVERSION 0)
target_link_libraries(client_shared PRIVATE ${needs})
target_link_options(client_shared PRIVATE -Wl,--no-undefined)

# An archive has no hidden symbols: every buf_init and cJSON_Parse in it would meet those of the program it is linked
# into. So it holds one object, in which what is hidden has become local. It is plain code: nobody else needs what
# link-time optimisation left in it.
set(whole ${CMAKE_CURRENT_BINARY_DIR}/understudy-client.o)
add_custom_command(
    OUTPUT ${whole}
    COMMAND ${CMAKE_C_COMPILER} -r -nostdlib -o ${whole} ${parts}
    COMMAND ${CMAKE_OBJCOPY} --localize-hidden --remove-section=.gnu.lto_* --remove-section=.gnu.debuglto_* ${whole}
    DEPENDS ${parts}
    COMMAND_EXPAND_LISTS
    VERBATIM
    COMMENT "Joining the client's objects")
add_library(client_static STATIC ${whole})
set_target_properties(client_static PROPERTIES
    OUTPUT_NAME understudy-client
    EXPORT_NAME client-static
    LINKER_LANGUAGE C)
target_link_libraries(client_static INTERFACE ${needs})

foreach(kind shared static)
    target_include_directories(client_${kind} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    install(TARGETS client_${kind} EXPORT understudy-client-${kind})
    install(EXPORT understudy-client-${kind} NAMESPACE understudy:: DESTINATION ${UNDERSTUDY_INSTALL_PACKAGE})
endforeach()
install(FILES client.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/understudy)

include(CMakePackageConfigHelpers)
write_basic_package_version_file(understudy-client-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES understudy-client-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/understudy-client-config-version.cmake
    DESTINATION ${UNDERSTUDY_INSTALL_PACKAGE})

# From the file's own place, so that an installed tree may be moved.
file(RELATIVE_PATH INCLUDE_FROM_PC ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(understudy-client.pc.in understudy-client.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/understudy-client.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
