// GET …/:channel/index.yaml
#include "index/index_snapshot.hpp"
#include "server/gitlab/helm_handlers.hpp"
#include "server/gitlab/words.hpp"
#include "server/http/conditional.hpp"
#include "server/http/content_negotiation.hpp"

#include <utility>

namespace pilothouse::gitlab {

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
    auto coding = index::coding::identity;
    if (http::prefers_gzip(x.head.field("Accept-Encoding"))) coding = index::coding::gzip;
    if (coding == index::coding::gzip && !snapshot->compressed()) {
        auto compress = [&]() -> result<void> {
            snapshot->compress();
            return {};
        };
        // A pool too busy to compress is no reason to refuse: uncompressed is always right.
        if (!co_await uses_.files.run(compress)) coding = index::coding::identity;
    }
    auto rendered = snapshot->render(context_path(x), coding);

    http::resource_state const state{rendered.etag, snapshot->generated()};
    auto const verdict = http::evaluate(x.head, state);
    auto r = answer(http::status_of(verdict));
    r.header("ETag", rendered.etag);
    r.header("Last-Modified", to_http_date(snapshot->generated()));
    r.header("Cache-Control", "no-cache");
    r.header("Vary", "Accept-Encoding, Authorization, PRIVATE-TOKEN, Deploy-Token, JOB-TOKEN");
    if (verdict != http::verdict::proceed) co_return r;
    r.header("Content-Type", "text/yaml");
    if (coding == index::coding::gzip) r.header("Content-Encoding", "gzip");
    r.body(std::move(rendered.pieces));
    co_return r;
}

}  // namespace pilothouse::gitlab
