#include "storage/publishing.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage {

namespace {

constexpr std::size_t reasons_told = 20;

}  // namespace

result<added::outcome> judge(catalogue_entry const& published, catalogue_entry const& offered,
                             on_duplicate rule) {
    auto const& file = published.file_name;
    if (published.chart != offered.chart)
        return failure(errc::conflict, file + " is already the file name of chart " +
                                           published.chart + ", version " + published.version);
    if (published.content == offered.content) return added::outcome::unchanged;
    if (published.yanked)
        return failure(errc::conflict,
                       file +
                           " was yanked: other content cannot take its place, not even where "
                           "duplicates are allowed");
    if (rule == on_duplicate::refuse)
        return failure(errc::conflict, file + " is already published with other content");
    return added::outcome::replaced;
}

bool takes_provenance(catalogue_entry const& published, catalogue_entry const& offered) {
    return !published.provenance && offered.provenance && published.digest == offered.digest;
}

result<void> check_writable(channel_record const& channel) {
    if (!channel.settings.read_only) return {};
    return failure(errc::denied, "the channel " + channel.name +
                                     " takes no change: its setting `read_only` is `true`");
}

failure cannot_copy(std::vector<std::string> const& reasons) {
    std::string text = "nothing was copied";
    auto const told = std::min(reasons.size(), reasons_told);
    for (std::size_t i = 0; i < told; ++i) text += (i == 0 ? ": " : "; ") + reasons[i];
    if (told < reasons.size()) text += "; and " + std::to_string(reasons.size() - told) + " more";
    return {errc::conflict, std::move(text)};
}

std::string why_not_copied(catalogue_entry const& source, sha256_digest const& wanted) {
    if (source.digest != wanted) return source.file_name + " was replaced meanwhile";
    if (source.yanked) return source.file_name + " is yanked: " + source.yanked->reason;
    return {};
}

bool any_change(std::vector<added> const& done) noexcept {
    return !std::ranges::all_of(done,
                                [](added const& a) { return a.what == added::outcome::unchanged; });
}

bool apply_mark(catalogue_entry& entry, marking m) {
    auto& has = m.what == mark_kind::deprecated ? entry.deprecated : entry.yanked;
    bool const same =
        has.has_value() == m.wanted.has_value() && (!has || has->reason == m.wanted->reason);
    if (same) return false;
    has = std::move(m.wanted);
    if (m.what == mark_kind::deprecated) entry.deprecated_fragment = std::move(m.line);
    return true;
}

failure no_such_package() { return {errc::not_found, "the project has no such package"}; }

failure no_such_file() { return {errc::not_found, "the package has no such file"}; }

std::string file_name_of(package_record const& package) {
    return package.chart + "-" + package.version + ".tgz";
}

void add_files(std::vector<package_file>& files, package_id package, std::string const& channel,
               catalogue_entry const& entry) {
    files.push_back({file_number(entry.id, false), package, channel, entry.file_name, entry.digest,
                     entry.size_bytes, entry.arrived()});
    if (!entry.provenance) return;
    files.push_back({file_number(entry.id, true), package, channel, entry.file_name + ".prov",
                     *entry.provenance, std::nullopt, entry.arrived()});
}

std::optional<package_file> file_with(package_id package, std::string const& channel,
                                      catalogue_entry const& entry, package_file_id number) {
    std::vector<package_file> files;
    add_files(files, package, channel, entry);
    auto const found = std::ranges::find(files, number, &package_file::id);
    return found == files.end() ? std::nullopt : std::optional(*found);
}

}  // namespace pilothouse::storage
