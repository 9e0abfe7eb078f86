# An archive unpacks into one folder; a Debian package must not.
if(CPACK_GENERATOR STREQUAL TGZ)
    set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
endif()
