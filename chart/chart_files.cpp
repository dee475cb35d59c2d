#include "chart/chart_files.hpp"

#include "chart/quote.hpp"
#include "chart/refusal.hpp"
#include "chart/values_check.hpp"
#include "chart/yaml_tree.hpp"

namespace pilothouse::chart {

namespace {

constexpr std::size_t nesting_max = 16;   // charts within charts
constexpr std::size_t charts_max = 1000;  // in one archive
constexpr std::uint64_t metadata_share =
    4;  // all Chart.yaml together, in units of the limit of one

constexpr std::string_view charts_folder = "charts/";
constexpr std::string_view gzip_magic = "\x1f\x8b\x08";

failure beyond(std::string_view what, std::uint64_t limit, std::string_view unit) {
    return refused(std::string(what) + " more than " + std::to_string(limit) + " " +
                   std::string(unit) + ".");
}

yaml_limits limits_of(inspection_limits const& limits) {
    yaml_limits of_yaml;
    of_yaml.size_bytes = limits.metadata_bytes;
    return of_yaml;
}

// The inner failure, with the path of the file or folder before it.
failure about(std::string_view path, failure const& inner) {
    return refused(printable(path) + ": " + inner.detail);
}

}  // namespace

chart_files::chart_files(inspection_limits const& limits) : limits_(limits) { charts_[""]; }

result<chart_files::chart_texts*> chart_files::chart_in(std::string_view folder) {
    auto const found = charts_.find(folder);
    if (found != charts_.end()) return &found->second;
    if (charts_.size() > charts_max)
        return beyond("The archive holds", charts_max, "unpacked charts");
    return &charts_[std::string(folder)];
}

result<chart_files::placement> chart_files::place(std::string_view path, std::uint64_t size_bytes) {
    std::size_t folder_length = 0;
    for (std::size_t nesting = 0;; ++nesting) {
        // Any file makes its folder one that must hold a chart.
        PILOTHOUSE_TRY(auto* const chart, chart_in(path.substr(0, folder_length)));
        auto const file = path.substr(folder_length);
        if (!file.starts_with(charts_folder)) return place_own(*chart, path, file, size_bytes);
        if (file.ends_with(".prov")) return placement();
        auto const below = file.substr(charts_folder.size());
        auto const slash = below.find('/');
        auto const name = below.substr(0, slash);
        if (name.starts_with('_') || name.starts_with('.')) return placement();
        if (name.ends_with(".tgz") && slash == below.npos)
            return placement{role::packed_chart, gzip_magic.size(), nullptr};
        // Helm takes whatever lies in charts/ for a chart, and then misses its Chart.yaml.
        if (name.ends_with(".tgz") || slash == below.npos)
            return refused("In charts/ only charts may lie, packed as .tgz or in a folder each; " +
                           chart::quoted(path) + " is neither.");
        if (nesting == nesting_max) return beyond("Charts are nested", nesting_max, "deep");
        folder_length += charts_folder.size() + slash + 1;
    }
}

result<chart_files::placement> chart_files::place_own(chart_texts& chart, std::string_view path,
                                                      std::string_view file,
                                                      std::uint64_t size_bytes) {
    auto const text_bytes = static_cast<std::size_t>(size_bytes);
    if (file == "values.yaml") return placement{role::values, text_bytes, nullptr};
    bool const metadata = file == "Chart.yaml";
    bool const requirements = file == "requirements.yaml";
    bool const lock = file == "Chart.lock" || file == "requirements.lock";
    if (!metadata && !requirements && !lock) return placement();

    if (size_bytes > limits_.metadata_bytes)
        return beyond(chart::quoted(path) + " has", limits_.metadata_bytes, "bytes");
    if (lock) return placement{role::lock, text_bytes, nullptr};
    metadata_bytes_ += size_bytes;
    if (metadata_bytes_ > metadata_share * limits_.metadata_bytes)
        return beyond("The Chart.yaml files of all charts in the archive have",
                      metadata_share * limits_.metadata_bytes, "bytes");
    // Helm merges two Chart.yaml into one; whoever reads only one of them sees another chart.
    if (path == "Chart.yaml" && chart.metadata)
        return refused("The archive holds Chart.yaml twice.");
    if (metadata) return placement{role::metadata, text_bytes, &chart.metadata};
    return placement{role::requirements, text_bytes, &chart.requirements};
}

result<void> chart_files::take(placement const& file, std::string_view path, std::string text) {
    bool const metadata = file.as == role::metadata || file.as == role::requirements;
    if (metadata && !for_metadata_.spend(text))
        return refused("The Chart.yaml files of all charts in the archive hold too much.");
    bool const other_yaml = file.as == role::values || file.as == role::lock;
    if (other_yaml && !for_other_files_.spend(text)) {
        warnings_.push_back(printable(path) +
                            ": Not looked through; the archive holds too much of such files.");
        return {};
    }
    switch (file.as) {
        case role::stored: break;
        case role::metadata:
        case role::requirements: *file.text = std::move(text); break;
        case role::values: {
            auto const doubt = check_values(text);
            if (!doubt) return about(path, doubt.error());
            if (!doubt->empty()) warnings_.push_back(printable(path) + ": " + *doubt);
            break;
        }
        case role::lock: {
            auto const tree = yaml_tree::parse(text, limits_of(limits_));
            if (!tree) warnings_.push_back(printable(path) + ": " + tree.error().detail);
            break;
        }
        case role::packed_chart:
            // Not unpacked: a few bytes could cost minutes, and clients judge it by themselves.
            if (text != gzip_magic)
                return refused(chart::quoted(path) +
                               " is named as a packed chart but is not gzip.");
            break;
    }
    return {};
}

result<chart_metadata> chart_files::finish() const {
    auto const metadata_of = [this](chart_texts const& texts) {
        return parse_chart_metadata(*texts.metadata, texts.requirements.value_or(""),
                                    limits_of(limits_));
    };
    auto const& own = charts_.begin()->second;
    if (!own.metadata)
        return failure(errc::invalid_metadata,
                       "The archive has no Chart.yaml, spelled exactly so, in its top folder.");
    PILOTHOUSE_TRY(auto metadata, metadata_of(own));
    for (auto chart = std::next(charts_.begin()); chart != charts_.end(); ++chart) {
        auto const& [folder, texts] = *chart;
        if (!texts.metadata)
            return refused("The folder " + chart::quoted(folder) +
                           " must hold a chart, but has no Chart.yaml.");
        if (auto const sub = metadata_of(texts); !sub) return about(folder, sub.error());
    }
    return metadata;
}

}  // namespace pilothouse::chart
