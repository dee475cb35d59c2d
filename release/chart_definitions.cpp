#include "release/chart_definitions.hpp"

#include "base/ascii.hpp"
#include "chart/chart_walk.hpp"
#include "chart/quote.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pilothouse::release {

namespace {

bool is_manifest(std::string_view path) {
    auto const dot = path.rfind('.');
    if (dot == path.npos) return false;
    auto const ending = path.substr(dot);
    return std::ranges::any_of(std::array{".yaml", ".yml", ".json"}, [ending](char const* one) {
        return ascii::equal_ignoring_case(ending, one);
    });
}

// Below the folder of a chart: its own, or one in a `charts/`. So `templates/crds/x.yaml` is none.
bool is_definition(std::string_view path) {
    if (!is_manifest(path)) return false;
    while (path.starts_with("charts/")) {
        path.remove_prefix(std::string_view("charts/").size());
        path.remove_prefix(std::min(path.find('/'), path.size() - 1) + 1);
    }
    return path.starts_with("crds/");
}

class definitions_visitor final : public chart::chart_visitor {
public:
    [[nodiscard]] std::string const& first() const noexcept { return first_; }

    result<bool> wants(chart::walked_file const& file) override {
        if (first_.empty() && is_definition(file.path)) first_ = file.told;
        return false;
    }
    result<void> see(chart::walked_file const&, std::string const&) override { return {}; }

private:
    std::string first_;
};

}  // namespace

result<std::string> find_definition(std::filesystem::path const& archive) {
    definitions_visitor looks;
    if (auto const walked = chart::walk_chart(archive, looks); !walked) return walked.error();
    return looks.first();
}

result<void> check_definitions(std::filesystem::path const& archive) {
    PILOTHOUSE_TRY(auto const found, find_definition(archive));
    if (found.empty()) return {};
    return failure(errc::wrong_state,
                   "the release is to stay within its namespace, and its chart does not: " +
                       chart::printable(found) + " defines resources of the whole cluster");
}

}  // namespace pilothouse::release
