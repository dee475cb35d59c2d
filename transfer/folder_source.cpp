#include "transfer/folder_source.hpp"

#include "base/hex.hpp"
#include "transfer/foreign_index.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace pilothouse::transfer {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view archive_suffix = ".tgz";
constexpr std::string_view index_name = "index.yaml";
constexpr std::string_view cache_name = "index-cache.yaml";
constexpr std::size_t tenants_named_max = 10;
constexpr int tenant_depth_max = 4;

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        int const high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
        int const low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
        if (text[at] == '%' && high >= 0 && low >= 0) {
            out += static_cast<char>(high * 16 + low);
            at += 2;
        } else {
            out += text[at];
        }
    }
    return out;
}

// The path of a URL, cut into names; empty where one of them leads out of the folder.
std::vector<std::string> names_of(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    if (auto const scheme = url.find("://"); scheme != url.npos) {
        url.remove_prefix(scheme + 3);
        url.remove_prefix(std::min(url.find('/'), url.size()));
    }
    std::vector<std::string> names;
    while (!url.empty()) {
        auto const segment = url.substr(0, url.find('/'));
        url.remove_prefix(std::min(segment.size() + 1, url.size()));
        auto name = percent_decoded(segment);
        if (name.empty() || name == ".") continue;
        bool const leads_out =
            name == ".." || name.find('/') != name.npos || name.find('\0') != name.npos;
        if (leads_out) return {};
        names.push_back(std::move(name));
    }
    return names;
}

class folder_source : public source {
public:
    folder_source(fs::path folder, source_limits limits)
        : folder_(std::move(folder)), limits_(limits) {}

    result<fetched_archive> archive(source_entry const& entry) override {
        PILOTHOUSE_TRY(auto file, open_file::read_from(folder_ / entry.where));
        if (file.size_bytes() > limits_.archive_bytes)
            return failure(errc::too_large,
                           "larger than " + std::to_string(limits_.archive_bytes) + " bytes");
        auto const digest = file.digest();
        return fetched_archive{std::move(file), digest};
    }

    result<std::optional<open_file>> provenance(source_entry const& entry) override {
        auto file = open_file::read_from(folder_ / (entry.where + ".prov"));
        if (file && file->size_bytes() > provenance_bytes_max)
            return failure(errc::too_large, "its provenance has more than 64 KiB");
        if (file) return std::optional(std::move(*file));
        if (file.error().code == errc::not_found) return std::optional<open_file>();
        return file.error();
    }

    [[nodiscard]] bool near() const noexcept override { return true; }

protected:
    [[nodiscard]] result<std::vector<foreign_entry>> read_index(std::string_view name) const {
        PILOTHOUSE_TRY(auto const file, open_file::read_from(folder_ / name));
        auto text = file.text(limits_.index_bytes);
        if (!text) return failure(errc::too_large, std::string(name) + " " + text.error().detail);
        auto entries = read_foreign_index(*text, limits_.entries);
        if (!entries)
            return failure(errc::invalid_argument,
                           (folder_ / name).string() + ": " + entries.error().detail);
        return entries;
    }

    fs::path folder_;
    source_limits limits_;
};

class indexed_folder final : public folder_source {
public:
    using folder_source::folder_source;

    result<std::vector<source_entry>> entries() override {
        PILOTHOUSE_TRY(auto const index, read_index(index_name));
        std::vector<source_entry> all;
        all.reserve(index.size());
        for (auto const& e : index) {
            auto const file = e.file_name();
            source_entry one{file, file, {}, e.digest, e.created, e.fault};
            if (one.fault.empty()) find(e.url, one);
            all.push_back(std::move(one));
        }
        return all;
    }

private:
    // An absolute URL may begin with names that the folder does not have: it was made for the place
    // where the folder is served. The longest ending that is a file is meant.
    void find(std::string const& url, source_entry& entry) const {
        auto const names = names_of(url);
        bool const absolute = url.find("://") != url.npos || url.starts_with('/');
        for (std::size_t first = 0; first < names.size(); ++first) {
            fs::path file;
            for (auto i = first; i < names.size(); ++i) file /= names[i];
            std::error_code ignored;
            if (fs::is_regular_file(folder_ / file, ignored)) {
                entry.where = file.string();
                return;
            }
            if (!absolute) break;
        }
        entry.fault = "the folder holds no such file: " + url;
    }
};

class chartmuseum_folder final : public folder_source {
public:
    using folder_source::folder_source;

    result<std::vector<source_entry>> entries() override {
        auto const cached = read_cache();
        std::vector<source_entry> all;
        std::error_code wrong;
        for (auto const& found : fs::directory_iterator(folder_, wrong)) {
            auto const name = found.path().filename().string();
            if (name.ends_with(archive_suffix)) all.push_back(describe(name, cached));
        }
        if (wrong) return file_failure(folder_, wrong.value());
        std::sort(all.begin(), all.end(),
                  [](auto const& a, auto const& b) { return a.name < b.name; });
        return all;
    }

private:
    using cache = std::map<std::string, foreign_entry>;

    // It may be old, broken or missing: it only says when what was published.
    [[nodiscard]] cache read_cache() const {
        cache by_file;
        auto const index = read_index(cache_name);
        if (!index) return by_file;
        for (auto const& e : *index) by_file.emplace(e.file_name(), e);
        return by_file;
    }

    [[nodiscard]] source_entry describe(std::string const& name, cache const& cached) const {
        source_entry one{name, {}, name, {}, {}, {}};
        auto const file = open_file::read_from(folder_ / name);
        if (!file) {
            one.fault = file.error().detail;
            return one;
        }
        one.created = from_nanoseconds(file->modified());
        auto const known = cached.find(name);
        bool const dated = known != cached.end() && known->second.created &&
                           known->second.digest == file->digest();
        if (dated) one.created = known->second.created;
        return one;
    }
};

bool holds_archives(fs::path const& folder) {
    std::error_code ignored;
    return std::any_of(
        fs::directory_iterator(folder, ignored), fs::directory_iterator(),
        [](auto const& found) { return found.path().extension() == archive_suffix; });
}

std::vector<std::string> tenants(fs::path const& folder) {
    std::vector<std::string> found;
    std::error_code ignored;
    for (fs::recursive_directory_iterator at(folder, ignored), end; at != end;
         at.increment(ignored)) {
        if (at.depth() >= tenant_depth_max) at.disable_recursion_pending();
        if (found.size() < tenants_named_max && at->is_directory(ignored) &&
            holds_archives(at->path()))
            found.push_back(at->path().string());
    }
    std::sort(found.begin(), found.end());
    return found;
}

failure nothing_there(fs::path const& folder) {
    auto const found = tenants(folder);
    if (found.empty())
        return {errc::invalid_argument, folder.string() + " holds no index.yaml and no archives"};
    std::string text = folder.string() +
                       " holds folders of charts, one a tenant: import each into a "
                       "channel of its own:";
    for (auto const& one : found) text += "\n  " + one;
    return {errc::invalid_argument, text};
}

}  // namespace

result<std::unique_ptr<source>> open_folder_source(fs::path folder, source_limits limits) {
    std::error_code wrong;
    (void)fs::directory_iterator(folder, wrong);
    if (wrong) return file_failure(folder, wrong.value());
    if (fs::exists(folder / index_name, wrong))
        return std::unique_ptr<source>(std::make_unique<indexed_folder>(std::move(folder), limits));
    if (!holds_archives(folder)) return nothing_there(folder);
    return std::unique_ptr<source>(std::make_unique<chartmuseum_folder>(std::move(folder), limits));
}

}  // namespace pilothouse::transfer
