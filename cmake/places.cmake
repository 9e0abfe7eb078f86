# Where installed things go, and how a program finds its fixtures from there without knowing where "there" is.
include(GNUInstallDirs)

set(UNDERSTUDY_INSTALL_FIXTURES ${CMAKE_INSTALL_DATADIR}/understudy)
set(UNDERSTUDY_INSTALL_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/understudy-client)
file(RELATIVE_PATH UNDERSTUDY_FIXTURES_FROM_PROGRAM
    ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_DATADIR}/understudy/fixtures)

# The same way must lead there from the programs of the build folder.
get_filename_component(fixtures ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${UNDERSTUDY_FIXTURES_FROM_PROGRAM} ABSOLUTE)
cmake_path(IS_PREFIX CMAKE_BINARY_DIR ${fixtures} inside)
if(inside)
    get_filename_component(above ${fixtures} DIRECTORY)
    file(MAKE_DIRECTORY ${above})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/fixtures ${fixtures} SYMBOLIC)
endif()
