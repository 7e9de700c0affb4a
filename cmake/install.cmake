# What is installed, and the Debian package made of it. Manual pages and completions are printed by the program itself.
include(GNUInstallDirs)
set(shared ${CMAKE_BINARY_DIR}/share)
add_custom_command(OUTPUT ${shared}/stamp
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${shared}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${shared}/bash ${shared}/zsh ${shared}/fish
  COMMAND reelmill man --write ${shared}/man
  COMMAND reelmill completions bash > ${shared}/bash/reelmill
  COMMAND reelmill completions zsh > ${shared}/zsh/_reelmill
  COMMAND reelmill completions fish > ${shared}/fish/reelmill.fish
  COMMAND reelmill schema > ${shared}/reelmill.schema.json
  COMMAND ${CMAKE_COMMAND} -E touch ${shared}/stamp
  DEPENDS reelmill VERBATIM)
add_custom_target(shared_files ALL DEPENDS ${shared}/stamp)

set(data ${CMAKE_INSTALL_DATADIR})
install(TARGETS reelmill reelmill-worker RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${shared}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN *.1)
install(DIRECTORY ${shared}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man7 FILES_MATCHING PATTERN *.7)
install(FILES ${shared}/bash/reelmill DESTINATION ${data}/bash-completion/completions)
install(FILES ${shared}/zsh/_reelmill DESTINATION ${data}/zsh/vendor-completions)
install(FILES ${shared}/fish/reelmill.fish DESTINATION ${data}/fish/vendor_completions.d)
install(FILES ${shared}/reelmill.schema.json DESTINATION ${data}/reelmill)
install(FILES README.md CHANGELOG.md LICENSE THIRD_PARTY.md docs/operations.md docs/formats.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples presets DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME reelmill)
set(CPACK_PACKAGE_VENDOR "The Reelmill authors")
set(CPACK_PACKAGE_CONTACT "The Reelmill authors <reelmill@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "make for video: steady, grade, clean and export footage")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "A project file says what is wanted of footage; reelmill works out the least work
 that gets there, does it on every core and keeps every result, so that after a
 change only what the change touches is made again.")
include(CPack)
