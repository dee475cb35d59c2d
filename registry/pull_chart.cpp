#include "registry/pull_chart.hpp"

#include <stdexcept>
#include <utility>

namespace pilothouse::registry {

task<result<pulled>> pull_chart::archive(auth::grant const& g, chart::channel_name const& channel,
                                         std::string const& file_name) {
    auto const snapshot = co_await index_(g, channel);
    auto const digest = snapshot->find_archive(file_name);
    if (!digest) co_return failure(errc::not_found, "the channel holds no such chart");
    co_return co_await open(*digest, file_name);
}

task<result<pulled>> pull_chart::provenance(auth::grant const& g,
                                            chart::channel_name const& channel,
                                            std::string const& file_name) {
    PILOTHOUSE_CO_TRY(auto const entry,
                      co_await catalogue_.find(g.project().id, channel.text(), file_name));
    if (!entry.provenance) co_return failure(errc::not_found, "the chart is not signed");
    co_return co_await open(*entry.provenance, file_name + ".prov");
}

// A named blob that is not there is no "not found": the house is broken, and the client must not
// believe that the chart was never there.
task<result<pulled>> pull_chart::open(sha256_digest digest, std::string const& file_name) {
    auto blob = co_await blobs_.open(digest);
    if (!blob)
        throw std::runtime_error("the blob of " + file_name + " is missing: " + digest.hex());
    co_return pulled{std::move(*blob), digest};
}

}  // namespace pilothouse::registry
