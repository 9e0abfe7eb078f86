# find_package(understudy-client)                      gives understudy::client, the shared library
# find_package(understudy-client COMPONENTS static)    gives understudy::client-static too, and finds what it needs
include(CMakeFindDependencyMacro)
include(${CMAKE_CURRENT_LIST_DIR}/understudy-client-shared.cmake)

foreach(component ${understudy-client_FIND_COMPONENTS})
    if(component STREQUAL static)
        set(THREADS_PREFER_PTHREAD_FLAG ON)
        find_dependency(Threads)
        find_dependency(CURL 7.85)
        find_dependency(OpenSSL 3.0)
        include(${CMAKE_CURRENT_LIST_DIR}/understudy-client-static.cmake)
    elseif(NOT component STREQUAL shared)
        set(understudy-client_FOUND FALSE)
        set(understudy-client_NOT_FOUND_MESSAGE
            "understudy-client has no component ${component}; there is shared and static")
    endif()
endforeach()
