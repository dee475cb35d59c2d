#include "server/serving/serve_index.hpp"

#include "server/http/conditional.hpp"
#include "server/http/content_negotiation.hpp"

#include <utility>

namespace pilothouse::serving {

task<http::response> serve_index(http::request_head const& head,
                                 std::shared_ptr<index::index_snapshot const> index,
                                 index_form form, instant now, blocking_pool& pool) {
    bool const zipped = http::prefers_gzip(head.field("Accept-Encoding"));
    auto coding = zipped ? index::coding::gzip : index::coding::identity;

    // The conditions first: who has it already costs next to nothing.
    auto const modified = index->last_modified(now);
    auto const etag = index->etag(form.context_path, coding);
    auto const verdict = http::evaluate(head, http::resource_state{etag, modified});
    http::response r(http::status_of(verdict));
    if (modified) r.header("Last-Modified", to_http_date(*modified));
    r.header("Cache-Control", "no-cache");
    r.header("Vary", "Accept-Encoding, Authorization, PRIVATE-TOKEN, Deploy-Token, JOB-TOKEN");
    if (verdict != http::verdict::proceed) {
        r.header("ETag", etag);
        co_return r;
    }

    if (zipped && !index->compressed()) {
        auto compress = [&]() -> result<void> {
            index->compress();
            return {};
        };
        // A pool too busy to compress is no reason to refuse: uncompressed is always right.
        if (!co_await pool.run(compress)) coding = index::coding::identity;
    }
    auto rendered = index->render(form.context_path, coding);
    r.header("ETag", rendered.etag);
    r.header("Content-Type", form.content_type);
    if (coding == index::coding::gzip) r.header("Content-Encoding", "gzip");
    r.body(std::move(rendered.pieces));
    co_return r;
}

}  // namespace pilothouse::serving
