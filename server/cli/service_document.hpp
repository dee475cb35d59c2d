// A Helm service's configuration as the command line takes it: a document, flags, or both.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "server/cli/services.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pilothouse::cli {

// What the caller names; it is read and sent where the command was called.
class service_arguments {
public:
    // The positional `FILE`, and a flag for each part of it.
    void declare(CLI::App& app);
    // As `--document`s, the later over the earlier. errc::invalid_argument: a file that cannot be
    // read, or a pair without `=`; its sentence tells no value.
    [[nodiscard]] result<void> append(std::vector<std::string>& to) const;
    [[nodiscard]] bool has_file() const noexcept { return !file_.empty(); }

private:
    std::string file_;
    std::optional<std::string> description_;
    std::string name_, chart_, version_, repository_;
    std::vector<std::string> value_files_, set_, set_string_, set_json_, arguments_;
    std::chrono::seconds timeout_{0};
    std::optional<bool> auto_deploy_, cluster_wide_;
};

// One document, JSON, of all that were sent, each YAML or JSON and over what came before it: maps
// are merged, all else is replaced. A repository may be named as group/project/channel there.
// errc::invalid_argument; errc::not_found: of the channel.
[[nodiscard]] task<result<secret>> whole_document(services& s, std::vector<secret> documents);

}  // namespace pilothouse::cli
