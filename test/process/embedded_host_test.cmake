# Installs this build into an empty prefix, builds examples/embedded_host against it as a stranger would, and runs it.
# Variables: BUILD (of the house), SOURCE (examples/embedded_host), WORK (is emptied), CONFIG, COMPILER.
function(step name)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${name} failed (${code}):\n${text}")
  endif()
  set(output "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
step(install ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
step(configure ${CMAKE_COMMAND} -G Ninja -S ${SOURCE} -B ${WORK}/build -DCMAKE_PREFIX_PATH=${WORK}/prefix
  -DCMAKE_BUILD_TYPE=${CONFIG} -DCMAKE_CXX_COMPILER=${COMPILER} ${FLAGS})
step(build ${CMAKE_COMMAND} --build ${WORK}/build)

foreach(strategy in_process per_origin)
  step(${strategy} ${WORK}/build/embedded_host ${SOURCE}/site ${strategy})
  foreach(expected
      "registered https://notes.example/" "fetched 200: Hello, embedder. 0 messages so far." "message 1: hello"
      "message completed" "by actor 200: Hello, actor. 1 messages so far.")
    string(FIND "${output}" "${expected}" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "${strategy}: '${expected}' is missing in:\n${output}")
    endif()
  endforeach()
  string(REGEX MATCH "embedder is process ([0-9]+)" line "${output}")
  set(embedder ${CMAKE_MATCH_1})
  string(REGEX MATCH "runs in process ([0-9]+)" line "${output}")
  set(worker ${CMAKE_MATCH_1})
  if(strategy STREQUAL in_process AND NOT worker STREQUAL embedder)
    message(FATAL_ERROR "${strategy} started a process:\n${output}")
  endif()
  if(strategy STREQUAL per_origin AND worker STREQUAL embedder)
    message(FATAL_ERROR "${strategy} started no process:\n${output}")
  endif()
endforeach()
file(REMOVE_RECURSE ${WORK})
