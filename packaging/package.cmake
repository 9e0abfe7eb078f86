# Packages, made by CPack (packaging/build): programs with what they need, and the client's library with its header apart.
#
#   understudy_0.1.0_amd64.deb              libunderstudy-client-dev_0.1.0_amd64.deb
#   understudy-0.1.0-linux-x64.tar.gz       libunderstudy-client-dev-0.1.0-linux-x64.tar.gz
#
# The same sources give the same bytes: files get the time of SOURCE_DATE_EPOCH (packaging/times.cmake).
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME understudy)
set(CPACK_PACKAGE_VENDOR "Understudy")
set(CPACK_PACKAGE_CONTACT "The maintainers of Understudy <maintainers@understudy.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Mock of task-status services, and a judge of clients that poll them")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/times.cmake)

set(CPACK_COMPONENTS_ALL programs library)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/packaging/folder.cmake)

# The names that npm and most others have for a machine.
set(machine ${CMAKE_SYSTEM_PROCESSOR})
string(REGEX REPLACE "^(x86_64|AMD64)$" "x64" machine ${machine})
string(REGEX REPLACE "^aarch64$" "arm64" machine ${machine})
set(CPACK_PACKAGE_FILE_NAME understudy-${PROJECT_VERSION}-linux-${machine}) # the folder in an archive
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_PROGRAMS_FILE_NAME understudy-${PROJECT_VERSION}-linux-${machine})
set(CPACK_ARCHIVE_LIBRARY_FILE_NAME libunderstudy-client-dev-${PROJECT_VERSION}-linux-${machine})

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME understudy)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libunderstudy-client-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libcurl4-openssl-dev, libssl-dev")
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION
    "mockserver answers like six video and digital-human services, along scripted\nscenarios; harness judges how a client polls them; taskpoll is such a client.")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
    "The polling client as a static and a shared library, its header, and files for\nCMake and pkg-config.")
include(CPack)
