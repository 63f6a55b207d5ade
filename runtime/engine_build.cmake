# Writes OUTPUT: the function engine_build(), which names what bytecode of this build depends on.
# usage: cmake -DOUTPUT=file.cpp -DINPUTS=list.txt -DPLATFORM=name -P engine_build.cmake
file(STRINGS ${INPUTS} files)
set(all "${PLATFORM}")
foreach(file ${files})
  file(SHA256 ${file} digest)
  get_filename_component(name ${file} NAME)
  string(APPEND all "\n${name} ${digest}")
endforeach()
string(SHA256 build "${all}")
string(SUBSTRING ${build} 0 16 build)
file(WRITE ${OUTPUT} "// SPDX-License-Identifier: MIT
#include \"runtime/engine_build.hpp\"

namespace offstage {

std::string_view engine_build() {
  return \"${build}\";
}

} // namespace offstage
")
