// SPDX-License-Identifier: MIT
#include "app/eval_files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "config/limits.hpp"
#include "protocol/url.hpp"

namespace offstage {

namespace {

namespace fs = std::filesystem;

struct file_closer {
  void operator()(std::FILE* file) const {
    if (file != stdin)
      std::fclose(file);
  }
};

/// The script, or why it cannot be read.
std::variant<script_source, std::string> read_script(const std::string& path) {
  const auto name = path == "-" ? std::string{"stdin"} : path;
  const std::unique_ptr<std::FILE, file_closer> file{path == "-" ? stdin
                                                                 : std::fopen(path.c_str(), "rb")};
  if (file == nullptr)
    return name + ": " + std::strerror(errno);
  std::string text;
  char buffer[size_t{64} << 10];
  while (const auto count = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, count);
    if (text.size() > limits::script_bytes_max)
      return name + ": longer than " + std::to_string(limits::script_bytes_max) + " bytes";
  }
  if (std::ferror(file.get()) != 0)
    return name + ": " + std::strerror(errno);
  return script_source{name, shared_bytes{std::move(text)}};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const auto low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string absolute(const std::string& file) {
  std::error_code ignored;
  return fs::absolute(file == "-" ? "stdin" : file, ignored).lexically_normal().string();
}

} // namespace

std::variant<eval_script, std::string> read_eval_script(const eval_file& file,
                                                        const std::string& url) {
  auto read = read_script(file.path);
  if (auto* wrong = std::get_if<std::string>(&read))
    return std::move(*wrong);
  auto& source = std::get<script_source>(read);
  if (file.type == worker_type::module) {
    const auto base = url::parse(url);
    auto own = *base;
    own.set_search("");
    own.set_hash("");
    const auto path = base->pathname();
    const auto name = fs::path{absolute(file.path)}.filename().string();
    own.set_pathname(path.substr(0, path.rfind('/') + 1) + name);
    source.url = own.href();
  }
  return eval_script{std::move(source), file.type};
}

eval_modules::eval_modules(const std::string& first_file, const std::string& url) {
  auto root = *url::parse(url);
  root.set_search("");
  root.set_hash("");
  auto path = root.pathname();
  path.resize(path.rfind('/') + 1);
  auto directory = fs::path{absolute(first_file)}.parent_path();
  while (path.size() > 1 && directory.has_relative_path()) {
    const auto slash = path.rfind('/', path.size() - 2);
    const auto name = path.substr(slash + 1, path.size() - slash - 2);
    if (percent_decoded(name) != directory.filename())
      break;
    path.resize(slash + 1);
    directory = directory.parent_path();
  }
  root.set_pathname(path);
  url_ = root.href();
  directory_ = directory.string();
}

std::optional<script_source> eval_modules::find(const std::string& url) const {
  if (!url.starts_with(url_))
    return std::nullopt;
  const auto path = percent_decoded(url.substr(url_.size(), url.find('?') - url_.size()));
  const auto file = fs::path{directory_} / path;
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored))
    return std::nullopt;
  auto read = read_script(file.string());
  auto* source = std::get_if<script_source>(&read);
  if (source == nullptr)
    return std::nullopt;
  source->url = url;
  return std::move(*source);
}

} // namespace offstage
