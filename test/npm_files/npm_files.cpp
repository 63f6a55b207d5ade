// SPDX-License-Identifier: MIT
// Lowers and compiles the JavaScript files of installed packages. usage: npm_files DIRECTORY
// FILES_MIN. Ends with 0 if at least that many were taken and every one went through.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "test/support/compile_check.hpp"

namespace {

namespace fs = std::filesystem;
using offstage::lowering_goal;
using offstage::test::compile_checker;

constexpr std::uintmax_t file_bytes_max = 2u << 20;
constexpr std::size_t files_max = 4000;

std::string read(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// Inputs of other tools' tests are often no programs on purpose.
bool is_program(const fs::path& file, const fs::path& root) {
  const auto path = "/" + file.lexically_relative(root).generic_string();
  for (const auto* part : {"/test/", "/tests/", "/__tests__/", "/fixtures/", "/__fixtures__/",
                           "/templates/", "/flow-typed/"})
    if (path.find(part) != std::string::npos)
      return false;
  const auto extension = file.extension();
  return extension == ".js" || extension == ".mjs" || extension == ".cjs";
}

bool is_in_module_package(fs::path folder, const fs::path& root) {
  for (; folder != root && folder.has_relative_path(); folder = folder.parent_path())
    if (fs::exists(folder / "package.json"))
      return read(folder / "package.json").find("\"type\": \"module\"") != std::string::npos;
  return false;
}

std::vector<fs::path> programs_below(const fs::path& root) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{root})
    if (entry.is_regular_file() && entry.file_size() <= file_bytes_max
        && is_program(entry.path(), root))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  // A spread over all packages, the same one every time.
  const auto step = std::max<std::size_t>(1, files.size() / files_max);
  std::vector<fs::path> chosen;
  for (std::size_t i = 0; i < files.size(); i += step)
    chosen.push_back(files[i]);
  return chosen;
}

// A file of a package is a module, or the body of a function (CommonJS); some are one of them
// under the other's name, which bundlers sort out.
std::string complaint_about(compile_checker& checker, const fs::path& file, const fs::path& root) {
  auto source = read(file);
  if (source.starts_with("#!"))
    source.insert(0, "//");
  const auto as_function =
      "(function (exports, require, module, __filename, __dirname) {" + source + "\n})";
  const auto as_module =
      file.extension() == ".mjs"
      || (file.extension() == ".js" && is_in_module_package(file.parent_path(), root));
  const auto first = as_module ? checker.check(source, lowering_goal::module)
                               : checker.check(as_function, lowering_goal::script);
  if (first.compiled || (first.accepted && !first.compiled))
    return first.complaint;
  const auto second = as_module ? checker.check(as_function, lowering_goal::script)
                                : checker.check(source, lowering_goal::module);
  return second.compiled ? "" : first.complaint + " / " + second.complaint;
}

} // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: npm_files DIRECTORY FILES_MIN\n");
    return 2;
  }
  const fs::path root{arguments[1]};
  const auto files = programs_below(root);
  compile_checker checker;
  std::size_t failures = 0;
  std::uintmax_t bytes = 0;
  const auto started = std::chrono::steady_clock::now();
  for (const auto& file : files) {
    bytes += fs::file_size(file);
    const auto complaint = complaint_about(checker, file, root);
    if (complaint.empty())
      continue;
    ++failures;
    std::printf("%s: %s\n", file.c_str(), complaint.c_str());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  std::printf("%zu files, %.1f MB, %zu failures, %.1f s\n", files.size(),
              static_cast<double>(bytes) / 1e6, failures, took.count());
  const auto wanted = static_cast<std::size_t>(std::strtoul(arguments[2], nullptr, 10));
  return failures == 0 && files.size() >= wanted ? 0 : 1;
}
