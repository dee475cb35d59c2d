#include "release/boundary.hpp"

#include "release/placed_objects.hpp"

#include <cstddef>
#include <ranges>
#include <string>
#include <utility>

namespace pilothouse::release {

namespace {

constexpr std::size_t outside_named_max = 5;

std::string in_words(std::vector<object_state> const& outside) {
    std::string words;
    for (auto const& o : outside | std::views::take(outside_named_max))
        words += (words.empty() ? "" : ", ") + o.kind + " " +
                 (o.name_space.empty() ? "" : o.name_space + "/") + o.name + " (" + o.state + ")";
    if (outside.size() > outside_named_max)
        words += " and " + std::to_string(outside.size() - outside_named_max) + " more";
    return words;
}

}  // namespace

task<result<void>> check_boundary(release_parts const& parts, target const& where,
                                  std::vector<rendered_object> objects) {
    if (parts.looks == nullptr)
        co_return failure(errc::unavailable, "nothing here can look at objects in clusters");
    PILOTHOUSE_CO_TRY(auto access, reread_kubeconfig(where.kubeconfig));
    auto name_space = where.name_space;
    auto placed = placed_in(name_space, std::move(objects));
    PILOTHOUSE_CO_TRY(
        auto const outside,
        co_await parts.looks->outside(std::move(access), std::move(name_space), std::move(placed)));
    if (outside.empty()) co_return result<void>();
    co_return failure(errc::wrong_state, "the release is to stay within the namespace " +
                                             where.name_space +
                                             ", and its chart does not: " + in_words(outside));
}

}  // namespace pilothouse::release
