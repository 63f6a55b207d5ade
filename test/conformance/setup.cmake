# Installs the harness of the web-platform-tests and the interfaces of the web.
include(${CMAKE_CURRENT_LIST_DIR}/../../cmake/npm_ci.cmake)
npm_ci(NPM ${NPM} SOURCE ${SOURCE} OUT ${OUT})
