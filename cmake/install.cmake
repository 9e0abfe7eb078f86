# What cmake --install brings besides the client's package: programs, fixtures, man pages.
install(TARGETS mockserver harness taskpoll)
install(DIRECTORY fixtures DESTINATION ${UNDERSTUDY_INSTALL_FIXTURES})
file(GLOB pages CONFIGURE_DEPENDS docs/man/*.1)
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
