#include "chart/inspection.hpp"

#include "chart/archive_reader.hpp"
#include "chart/chart_files.hpp"
#include "chart/quote.hpp"
#include "chart/refusal.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace pilothouse::chart {

namespace {

// What the entries before this one have shown.
struct tally {
    inspection_limits const& limits;
    std::size_t entries = 0;
    std::uint64_t bytes = 0;
    std::optional<std::string> top = {};  // the top folder, `.` too
};

// A file's place as Helm sees it: the first component is the top folder, whatever it is.
struct file_path {
    std::string_view top;
    std::string below;    // without empty and `.` components
    bool absolute_below;  // the top is followed by two slashes
};

file_path split(std::string_view raw) {
    auto const slash = raw.find('/');
    file_path path{raw.substr(0, slash), {}, false};
    if (slash == raw.npos) return path;
    raw.remove_prefix(slash + 1);
    path.absolute_below = raw.starts_with('/');
    while (!raw.empty()) {
        auto const end = std::min(raw.find('/'), raw.size());
        auto const component = raw.substr(0, end);
        if (!component.empty() && component != ".") {
            if (!path.below.empty()) path.below += '/';
            path.below += component;
        }
        raw.remove_prefix(std::min(end + 1, raw.size()));
    }
    return path;
}

// The refusals. Each answers with its reason, or with nothing.

using reason = std::optional<std::string>;

std::string entry_named(archive_member const& member) {
    return "The entry " + chart::quoted(member.path);
}

// Millions of empty entries fit into one megabyte and cost every reader time and memory.
reason too_many_entries(archive_member const&, tally const& so_far) {
    if (so_far.entries <= so_far.limits.entries) return {};
    return "The archive has more than " + std::to_string(so_far.limits.entries) + " entries.";
}

// A path that no file system takes; it would fail on the client's disk.
reason overlong_path(archive_member const& member, tally const& so_far) {
    if (member.path.size() <= so_far.limits.path_bytes) return {};
    return entry_named(member) + " has a path of more than " +
           std::to_string(so_far.limits.path_bytes) + " bytes.";
}

// Written through, a link leads the next entry out of the folder; read, it shows a file of the
// host.
reason link_or_device(archive_member const& member, tally const&) {
    if (member.type != archive_member::kind::other) return {};
    return entry_named(member) + " is a link or a device; a chart has files and folders only.";
}

// Unpacked as root: a file of the system overwritten.
reason absolute_path(archive_member const& member, tally const&) {
    if (!member.path.starts_with('/')) return {};
    return entry_named(member) + " has an absolute path.";
}

// Windows reads a separator where we see a letter: `..\..\evil` would pass the next check.
reason backslash(archive_member const& member, tally const&) {
    if (member.path.find('\\') == member.path.npos) return {};
    return entry_named(member) + " has a backslash in its path; use '/' between folders.";
}

// The oldest of all: out of the folder, upwards.
reason parent_folder(archive_member const& member, tally const&) {
    auto const bounded = "/" + member.path + "/";
    if (bounded.find("/../") == bounded.npos) return {};
    return entry_named(member) + " has '..' in its path.";
}

// A sparse file of terabytes is a few bytes long: its declared size counts, before it is read.
reason too_large_file(archive_member const& member, tally const& so_far) {
    if (member.size_bytes <= so_far.limits.file_bytes) return {};
    return entry_named(member) + " is larger than " + std::to_string(so_far.limits.file_bytes) +
           " bytes, the most for one file.";
}

// A kilobyte that unpacks to a gigabyte.
reason too_large_sum(archive_member const& member, tally const& so_far) {
    if (so_far.bytes + member.size_bytes < so_far.limits.unpacked_bytes) return {};
    return "The files of the archive have " + std::to_string(so_far.limits.unpacked_bytes) +
           " bytes or more, unpacked.";
}

// Helm has no place for a file that lies beside the chart's folder, and refuses the chart.
reason outside_top_folder(archive_member const& member, file_path const& path, tally const&) {
    if (!path.below.empty() && path.top != "Chart.yaml") return {};
    return entry_named(member) + " does not lie in the chart's folder.";
}

// `mychart//etc/passwd`: absolute once the first folder is dropped.
reason absolute_below_top(archive_member const& member, file_path const& path, tally const&) {
    if (!path.absolute_below) return {};
    return entry_named(member) + " has an absolute path within the chart's folder.";
}

// Helm takes any name with these dots for a way upwards, even `..data`, and refuses the chart.
reason dots_below_top(archive_member const& member, file_path const& path, tally const&) {
    if (!path.below.starts_with("..")) return {};
    return entry_named(member) + " has a name that begins with '..'.";
}

// `mychart/c:/windows`: a path of its own on Windows.
reason drive_letter(archive_member const& member, file_path const& path, tally const&) {
    auto const lower = path.below.empty() ? ' ' : static_cast<char>(path.below.front() | 0x20);
    bool const drive = lower >= 'a' && lower <= 'z' && path.below.substr(1).starts_with(":/");
    if (!drive) return {};
    return entry_named(member) + " has a drive letter in its path.";
}

// Two folders are one merged chart to Helm, and the first of two charts to other readers.
reason second_top_folder(archive_member const& member, file_path const& path, tally const& so_far) {
    if (!so_far.top || *so_far.top == path.top) return {};
    return entry_named(member) + " lies beside the chart's folder " + chart::quoted(*so_far.top) +
           "; an archive has one top folder.";
}

constexpr std::array entry_refusals{too_many_entries, overlong_path, link_or_device, absolute_path,
                                    backslash,        parent_folder, too_large_file, too_large_sum};
constexpr std::array file_refusals{outside_top_folder, absolute_below_top, dots_below_top,
                                   drive_letter, second_top_folder};

// Not known to any Helm: its command line refuses to install such a chart.
reason unknown_api_version(std::string const& version) {
    if (version == "v1" || version == "v2" || version == "v3") return {};
    return "Chart.yaml: The field \"apiVersion\" is " + chart::quoted(version) +
           "; it must be v1 or v2.";
}

// What is left is a chart.

// The same for two archives with the same files, in any order; of files with one name, and Helm
// takes the last of those, the order counts.
class content_digest {
public:
    void add(std::string_view path, sha256_digest const& bytes) {
        files_.emplace(sha256(path), bytes);
    }

    [[nodiscard]] sha256_digest finish() const {
        sha256_hasher all;
        for (auto const& [path, bytes] : files_) {
            all.update(path.bytes());
            all.update(bytes.bytes());
        }
        return all.finish();
    }

private:
    std::multimap<sha256_digest, sha256_digest> files_;  // equal keys stay in their order
};

// Generous room for headers and padding above what the files may have.
std::uint64_t inflated_max(inspection_limits const& limits) {
    constexpr std::uint64_t for_an_entry = 4096, for_the_end = 1024 * 1024;
    return limits.unpacked_bytes + limits.entries * for_an_entry + for_the_end;
}

class inspection {
public:
    inspection(byte_source const& source, inspection_limits const& limits)
        : archive_(source, inflated_max(limits)), files_(limits), so_far_{.limits = limits} {}

    result<inspected_chart> run() {
        for (;;) {
            PILOTHOUSE_TRY(auto const member, archive_.next());
            if (!member) return conclude();
            if (auto taken = take(*member); !taken) return std::move(taken).error();
        }
    }

private:
    result<void> take(archive_member const& member) {
        ++so_far_.entries;
        for (auto const refuse : entry_refusals)
            if (auto const why = refuse(member, so_far_)) return refused(*why);
        if (member.type != archive_member::kind::file) return {};

        auto const path = split(member.path);
        for (auto const refuse : file_refusals)
            if (auto const why = refuse(member, path, so_far_)) return refused(*why);
        so_far_.top = path.top;
        so_far_.bytes += member.size_bytes;

        PILOTHOUSE_TRY(auto const place, files_.place(path.below, member.size_bytes));
        PILOTHOUSE_TRY(auto text, read(member, path.below, place.bytes_wanted));
        return files_.take(place, path.below, std::move(text));
    }

    // Hashes the file and gives its first bytes.
    result<std::string> read(archive_member const& member, std::string_view path,
                             std::size_t bytes_wanted) {
        std::string text;
        sha256_hasher hasher;
        std::uint64_t total = 0;
        for (;;) {
            PILOTHOUSE_TRY(std::size_t const got, archive_.read(buffer_));
            if (got == 0) break;
            std::string_view const bytes(buffer_.data(), got);
            hasher.update(bytes);
            text += bytes.substr(0, bytes_wanted - text.size());
            total += got;
        }
        if (total != member.size_bytes)
            return failure(errc::invalid_archive,
                           entry_named(member) + " has not the size that its header says.");
        content_.add(path, hasher.finish());
        return text;
    }

    result<inspected_chart> conclude() {
        if (!so_far_.top) return failure(errc::invalid_archive, "The archive holds no files.");
        PILOTHOUSE_TRY(auto metadata, files_.finish());
        PILOTHOUSE_TRY(auto name, chart_name::parse(metadata.name));
        PILOTHOUSE_TRY(auto version, chart_version::parse(metadata.version));
        if (auto const why = unknown_api_version(metadata.api_version)) return refused(*why);
        auto warnings = collect_warnings(metadata);
        return inspected_chart{std::move(name), std::move(version), std::move(metadata),
                               content_.finish(), std::move(warnings)};
    }

    [[nodiscard]] std::vector<std::string> collect_warnings(chart_metadata const& metadata) const {
        constexpr std::size_t warnings_max = 20;
        auto warnings = archive_.warnings();
        if (metadata.api_version == "v3")
            warnings.emplace_back("The field \"apiVersion\" is v3, which Helm 3 does not load.");
        if (*so_far_.top != "." && *so_far_.top != metadata.name)
            warnings.push_back("The top folder " + chart::quoted(*so_far_.top) +
                               " is not named as the chart; some tools then do not find it.");
        auto const& of_files = files_.warnings();
        warnings.insert(warnings.end(), of_files.begin(), of_files.end());
        warnings.resize(std::min(warnings.size(), warnings_max));
        return warnings;
    }

    archive_reader archive_;
    chart_files files_;
    tally so_far_;
    content_digest content_;
    std::array<char, 16 * 1024> buffer_;
};

}  // namespace

result<inspected_chart> inspect(byte_source const& archive, inspection_limits const& limits) {
    return inspection(archive, limits).run();
}

}  // namespace pilothouse::chart
