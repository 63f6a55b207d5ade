# Installs the packages and lays the sites out anew. Works outside of the source tree.
include(${CMAKE_CURRENT_LIST_DIR}/../../cmake/npm_ci.cmake)
npm_ci(NPM ${NPM} SOURCE ${SOURCE} OUT ${OUT} FILES prepare.mjs)
file(REMOVE_RECURSE ${OUT}/sites)
execute_process(COMMAND ${NODE} prepare.mjs ${OUT}/sites WORKING_DIRECTORY ${OUT} RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "prepare.mjs failed: ${failed}")
endif()
message("laid out in ${OUT}/sites")
