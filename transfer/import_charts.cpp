#include "transfer/import_charts.hpp"

#include <chrono>
#include <thread>
#include <unordered_map>
#include <utility>

namespace pilothouse::transfer {

namespace {

using verdict = house::verdict;

// The registry is busy, or collects garbage: it says so, and for a moment only.
constexpr int push_attempts = 20;
constexpr std::chrono::milliseconds between_pushes{500};

class importer {
public:
    importer(source& from, house& into, import_request const& how)
        : source_(from), house_(into), how_(how) {}

    [[nodiscard]] result<void> learn();
    // A failure is the registry's; what is wrong with the chart is in the report.
    [[nodiscard]] result<void> take(source_entry const& entry);
    imported report;

private:
    [[nodiscard]] bool known(std::string const& file_name, sha256_digest const& digest) const;
    [[nodiscard]] bool signature_missing(source_entry const& entry);
    [[nodiscard]] result<void> offer(source_entry const& entry, fetched_archive const& archive);
    [[nodiscard]] result<verdict> push(offered_chart const& chart);
    void refuse(source_entry const& entry, std::string why) {
        report.refused.push_back({entry.name, std::move(why)});
    }

    source& source_;
    house& house_;
    import_request const& how_;
    std::unordered_map<std::string, held_version> held_;  // by file name
};

result<void> importer::learn() {
    PILOTHOUSE_TRY(auto all, house_.held());
    for (auto& v : all) {
        auto file_name = v.file_name;
        held_.insert_or_assign(std::move(file_name), std::move(v));
    }
    return {};
}

bool importer::known(std::string const& file_name, sha256_digest const& digest) const {
    auto const found = held_.find(file_name);
    return found != held_.end() && found->second.digest == digest;
}

// Whether an archive that is here already lacks the provenance that the source now has. Over a
// network that is not asked: it would be a request for each.
bool importer::signature_missing(source_entry const& entry) {
    if (!how_.provenance || !source_.near()) return false;
    auto const found = held_.find(entry.name);
    if (found == held_.end() || found->second.provenance) return false;
    auto const there = source_.provenance(entry);
    return there && there->has_value();
}

result<void> importer::take(source_entry const& entry) {
    if (!entry.fault.empty()) {
        refuse(entry, entry.fault);
        return {};
    }
    bool const here = entry.digest && known(entry.name, *entry.digest);
    if (here && !signature_missing(entry)) {
        ++report.already_there;
        return {};
    }
    auto const archive = source_.archive(entry);
    if (!archive) {
        refuse(entry, archive.error().detail);
        return {};
    }
    if (entry.digest && *entry.digest != archive->digest) {
        refuse(entry, "its SHA-256 is " + archive->digest.hex() + ", and the index promises " +
                          entry.digest->hex());
        return {};
    }
    if (known(entry.name, archive->digest) && !signature_missing(entry)) {
        ++report.already_there;
        return {};
    }
    return offer(entry, *archive);
}

result<void> importer::offer(source_entry const& entry, fetched_archive const& archive) {
    offered_chart chart{entry.file_name,
                        archive.digest,
                        entry.created,
                        {archive.file.descriptor(), archive.file.size_bytes()},
                        std::nullopt};
    std::optional<open_file> provenance;
    if (how_.provenance) {
        auto found = source_.provenance(entry);
        if (!found) {
            refuse(entry, found.error().detail);
            return {};
        }
        provenance = std::move(*found);
    }
    if (provenance) chart.provenance = {provenance->descriptor(), provenance->size_bytes()};

    PILOTHOUSE_TRY(auto const v, push(chart));
    if (v.what == verdict::kind::refused)
        refuse(entry, v.why.detail);
    else if (v.what == verdict::kind::unchanged)
        ++report.already_there;
    else
        ++report.taken;
    for (auto const& text : v.warnings) report.warnings.push_back({entry.name, text});
    return {};
}

result<verdict> importer::push(offered_chart const& chart) {
    for (int attempt = 1;; ++attempt) {
        auto v = house_.push(chart);
        bool const again = v && v->what == verdict::kind::refused &&
                           v->why.code == errc::unavailable && attempt < push_attempts;
        if (!again) return v;
        std::this_thread::sleep_for(between_pushes);
    }
}

}  // namespace

result<imported> import_charts(source& from, house& into, import_request const& how,
                               progress& told) {
    importer i(from, into, how);
    auto const learnt = i.learn();
    if (!learnt) return learnt.error();
    PILOTHOUSE_TRY(auto const entries, from.entries());
    for (std::size_t n = 0; n < entries.size(); ++n) {
        told.at(n, entries.size(), entries[n].name);
        auto const taken = i.take(entries[n]);
        if (!taken) {
            i.report.stopped = taken.error();
            break;
        }
    }
    return std::move(i.report);
}

}  // namespace pilothouse::transfer
