// GET …/:channel/charts/:file_name.tgz, and its .prov
#include "server/gitlab/helm_handlers.hpp"
#include "server/gitlab/words.hpp"
#include "server/http/byte_range.hpp"
#include "server/http/conditional.hpp"

#include <string_view>
#include <utility>

namespace pilothouse::gitlab {

namespace {

constexpr std::string_view archive_suffix = ".tgz";

http::response::body_type body_of(std::shared_ptr<storage::blob const> const& blob,
                                  std::uint64_t offset, std::uint64_t length) {
    if (blob->bytes.size() == blob->size_bytes && length > 0) {
        std::vector<shared_bytes> pieces;
        pieces.emplace_back(blob, std::string_view(blob->bytes).substr(offset, length));
        return pieces;
    }
    return http::file_body{blob, blob->descriptor, offset, length};
}

// Conditions first, then the range (RFC 9110, 13.2.2).
http::response send(http::exchange const& x, registry::pulled const& file,
                    std::string const& file_name, std::string_view content_type) {
    auto const etag = '"' + file.digest.hex() + '"';
    http::resource_state const state{etag, std::nullopt};
    auto const verdict = http::evaluate(x.head, state);
    auto const size = file.content->size_bytes;
    auto const range = http::select_range(x.head, state, size);

    auto status = http::status_of(verdict);
    if (verdict == http::verdict::proceed) status = http::status_of(range);
    auto r = answer(status);
    r.header("ETag", etag);
    r.header("Cache-Control", "no-cache");
    r.header("Accept-Ranges", "bytes");
    if (verdict != http::verdict::proceed) return r;
    if (auto const line = http::content_range(range, size); !line.empty())
        r.header("Content-Range", line);
    if (range.what == http::byte_range::kind::unsatisfiable) return r;
    r.header("Content-Type", content_type);
    r.header("Content-Disposition",
             "attachment; filename=\"" + file_name + "\"; filename*=UTF-8''" + file_name);
    r.header("Content-Transfer-Encoding", "binary");
    r.body(body_of(file.content, range.offset, range.length));
    return r;
}

}  // namespace

task<http::response> helm_handlers::download(http::exchange& x) {
    auto const channel = chart::channel_name::parse(x.parameters[1]).value();
    auto const& file = x.parameters[2];

    if (file.ends_with(archive_suffix)) {
        auto const pulled = co_await uses_.pull_chart.archive(*x.grant, channel, file);
        if (!pulled) co_return file_not_found();
        co_return send(x, *pulled, file, "application/octet-stream");
    }
    auto const dot = file.rfind(std::string(archive_suffix) + ".");
    if (dot == std::string::npos) co_return words().no_route(404);

    auto const archive = file.substr(0, dot + archive_suffix.size());
    auto const extension = file.substr(archive.size() + 1);
    if (extension == "prov") {
        auto const pulled = co_await uses_.pull_chart.provenance(*x.grant, channel, archive);
        if (pulled) co_return send(x, *pulled, file, "application/pgp-signature");
    }
    co_return format_not_found(extension);
}

}  // namespace pilothouse::gitlab
