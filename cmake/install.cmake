# The install tree: the program, the static libraries with their headers, and a CMake package.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(OFFSTAGE_INSTALLED)
foreach(library protocol config storage duktape lowering engine extras runtime actors gateway link child app)
  list(APPEND OFFSTAGE_INSTALLED offstage_${library})
endforeach()

install(TARGETS offstage_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS ${OFFSTAGE_INSTALLED} house_warnings EXPORT offstage_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/offstage
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/offstage)
install(EXPORT offstage_targets NAMESPACE offstage:: FILE offstage_targets.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/offstage)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/offstage-config.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/offstage-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/offstage
  PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/offstage-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/offstage-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/offstage-config-version.cmake
  ${PROJECT_SOURCE_DIR}/cmake/third_party.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/offstage)
