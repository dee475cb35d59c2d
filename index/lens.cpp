#include "index/lens.hpp"

#include <charconv>
#include <optional>

namespace pilothouse::index {

namespace {

constexpr std::string_view latest = "latest-", of_chart = "chart-", in_range = "range-";
constexpr std::size_t newest_max = 1000;

failure no_lens(std::string_view why) {
    return {errc::invalid_argument,
            std::string(why) +
                " A channel is read as a whole, or in part as CHANNEL~latest-N (the newest 1 to "
                "1000 versions of each chart), CHANNEL~chart-NAME (one chart) or "
                "CHANNEL~range-RANGE (versions such as >=1.2, <2)."};
}

// Digits that begin with none too many.
std::optional<std::size_t> count_in(std::string_view text) {
    std::size_t count = 0;
    char const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, count);
    bool const whole = error == std::errc() && stop == end && text.front() != '0';
    if (!whole || count > newest_max) return std::nullopt;
    return count;
}

// Within a range `~` is an operator, so only a whole lens behind it counts.
bool holds_another(std::string_view text) {
    for (auto const word : {latest, of_chart, in_range})
        if (text.find("~" + std::string(word)) != std::string_view::npos) return true;
    return false;
}

}  // namespace

result<lens> lens::parse(std::string_view text) {
    if (holds_another(text)) return no_lens("A view of a view is not to be had.");
    if (text.starts_with(latest)) {
        auto const count = count_in(text.substr(latest.size()));
        if (!count) return no_lens("The view does not say how many versions.");
        return lens(newest{*count}, std::string(latest) + std::to_string(*count));
    }
    if (text.starts_with(of_chart)) {
        auto name = chart::chart_name::parse(text.substr(of_chart.size()));
        if (!name) return no_lens(name.error().detail);
        auto spelled = std::string(of_chart) + name->text();
        return lens(one_chart{std::move(*name)}, std::move(spelled));
    }
    if (text.starts_with(in_range)) {
        auto range = chart::version_range::parse(text.substr(in_range.size()));
        if (!range) return no_lens(range.error().detail);
        auto spelled = std::string(in_range) + range->text();
        return lens(std::move(*range), std::move(spelled));
    }
    return no_lens("There is no such view.");
}

}  // namespace pilothouse::index
