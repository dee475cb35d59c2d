// GET …/:channel/index.yaml
#include "index/index_snapshot.hpp"
#include "server/gitlab/helm_handlers.hpp"
#include "server/gitlab/words.hpp"
#include "server/http/conditional.hpp"
#include "server/http/content_negotiation.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace pilothouse::gitlab {

namespace {

// HTTP's dates have seconds. The second that ends a change's own is the first that no later change
// can share, and it may be told once it is over: a client that asks with it, or with any date of
// his own, never misses a change.
std::optional<instant> settled_second(instant changed) {
    auto const second = std::chrono::ceil<std::chrono::seconds>(changed);
    if (second > system_clock().now()) return std::nullopt;
    return second;
}

}  // namespace

result<void> legal_channel(http::exchange const& x) {
    if (auto const channel = chart::channel_name::parse(x.parameters.at(1)); !channel)
        return channel.error();
    return {};
}

// The form that the client used, decoded: helm-push looks for it at the front of the address it was
// given (settled 2).
std::string helm_handlers::context_path(http::exchange const& x) const {
    return uses_.base_path + "/api/v4/projects/" + x.parameters[0] + "/packages/helm";
}

task<http::response> helm_handlers::index(http::exchange& x) {
    auto const channel = chart::channel_name::parse(x.parameters[1]).value();
    auto const snapshot = co_await uses_.read_index(*x.grant, channel);
    bool const zipped = http::prefers_gzip(x.head.field("Accept-Encoding"));
    auto coding = zipped ? index::coding::gzip : index::coding::identity;

    // The conditions first: who has it already costs next to nothing.
    auto const context = context_path(x);
    auto const modified = settled_second(snapshot->generated());
    auto const etag = snapshot->etag(context, coding);
    auto const verdict = http::evaluate(x.head, http::resource_state{etag, modified});
    auto r = answer(http::status_of(verdict));
    if (modified) r.header("Last-Modified", to_http_date(*modified));
    r.header("Cache-Control", "no-cache");
    r.header("Vary", "Accept-Encoding, Authorization, PRIVATE-TOKEN, Deploy-Token, JOB-TOKEN");
    if (verdict != http::verdict::proceed) {
        r.header("ETag", etag);
        co_return r;
    }

    if (zipped && !snapshot->compressed()) {
        auto compress = [&]() -> result<void> {
            snapshot->compress();
            return {};
        };
        // A pool too busy to compress is no reason to refuse: uncompressed is always right.
        if (!co_await uses_.files.run(compress)) coding = index::coding::identity;
    }
    auto rendered = snapshot->render(context, coding);
    r.header("ETag", rendered.etag);
    r.header("Content-Type", "text/yaml");
    if (coding == index::coding::gzip) r.header("Content-Encoding", "gzip");
    r.body(std::move(rendered.pieces));
    co_return r;
}

}  // namespace pilothouse::gitlab
