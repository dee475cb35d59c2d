#include "registry/pull_chart.hpp"

#include <stdexcept>
#include <utility>

namespace pilothouse::registry {

task<result<pulled>> pull_chart::archive(auth::grant const& g, channel_reference const& from,
                                         std::string const& file_name) {
    g.expect({auth::permission::read_chart});
    auto const digest = co_await find(g, from, file_name);
    if (digest) co_return co_await open(*digest, file_name);
    bool const elsewhere = digest.error().code == errc::not_found && !from.through;
    if (elsewhere) co_return co_await outside_index(g, from.channel, file_name);
    co_return digest.error();
}

// Yanked; or it came this very moment.
task<result<pulled>> pull_chart::outside_index(auth::grant const& g,
                                               chart::channel_name const& channel,
                                               std::string const& file_name) {
    auto const entry = co_await catalogue_.find(g.project().id, channel.text(), file_name);
    if (!entry) co_return failure(errc::not_found, "the channel holds no such chart");
    PILOTHOUSE_CO_TRY(auto found, co_await open(entry->digest, file_name));
    if (entry->yanked) found.yanked_reason = entry->yanked->reason;
    co_return found;
}

task<result<pulled>> pull_chart::provenance(auth::grant const& g, channel_reference const& from,
                                            std::string const& file_name) {
    g.expect({auth::permission::read_chart});
    if (from.through) {
        auto const held = co_await find(g, from, file_name);
        if (!held) co_return held.error();
    }
    PILOTHOUSE_CO_TRY(auto const entry,
                      co_await catalogue_.find(g.project().id, from.channel.text(), file_name));
    if (!entry.provenance) co_return failure(errc::not_found, "the chart is not signed");
    PILOTHOUSE_CO_TRY(auto found, co_await open(*entry.provenance, file_name + ".prov"));
    if (entry.yanked) found.yanked_reason = entry.yanked->reason;
    co_return found;
}

task<result<sha256_digest>> pull_chart::find(auth::grant const& g, channel_reference const& from,
                                             std::string const& file_name) {
    PILOTHOUSE_CO_TRY(auto const index, co_await index_.seen(g, from));
    auto const digest = index->find_archive(file_name);
    if (digest) co_return *digest;
    co_return failure(errc::not_found, from.through ? "the view holds no such chart"
                                                    : "the channel holds no such chart");
}

// A named blob that is not there is no "not found": the house is broken, and the client must not
// believe that the chart was never there.
task<result<pulled>> pull_chart::open(sha256_digest digest, std::string const& file_name) {
    auto blob = co_await blobs_.open(digest);
    if (!blob)
        throw std::runtime_error("the blob of " + file_name + " is missing: " + digest.hex());
    co_return pulled{std::move(*blob), digest, std::nullopt};
}

}  // namespace pilothouse::registry
