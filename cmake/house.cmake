# One static library per folder. DEPENDS names other folders of the house and is the link-time half of the layer lint;
# LINKS names third-party libraries, PRIVATE unless a header of the folder needs them (PUBLIC_LINKS).
function(house_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS;LINKS;PUBLIC_LINKS" ${ARGN})
  add_library(offstage_${name} STATIC ${ARG_SOURCES})
  target_sources(offstage_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARG_HEADERS})
  list(TRANSFORM ARG_DEPENDS PREPEND offstage_)
  target_link_libraries(offstage_${name} PUBLIC ${ARG_DEPENDS} ${ARG_PUBLIC_LINKS} PRIVATE ${ARG_LINKS} house_warnings)
endfunction()

# One doctest binary, one ctest entry. LABELS: process, crash, npm, long (long ones run in make check only). SERIAL: it
# measures time or memory and must not share the machine with other tests.
function(house_test name)
  cmake_parse_arguments(ARG "SERIAL" "TIMEOUT" "SOURCES;DEPENDS;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${PROJECT_SOURCE_DIR}/test/support/main.cpp ${ARG_SOURCES})
  list(TRANSFORM ARG_DEPENDS PREPEND offstage_)
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} ${ARG_LINKS} doctest::doctest house_warnings)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
  if(ARG_SERIAL)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()
