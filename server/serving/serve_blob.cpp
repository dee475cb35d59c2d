#include "server/serving/serve_blob.hpp"

#include "base/shared_bytes.hpp"
#include "server/http/byte_range.hpp"
#include "server/http/conditional.hpp"

namespace pilothouse::serving {

namespace {

http::response::body_type body_of(std::shared_ptr<storage::blob const> const& blob,
                                  std::uint64_t offset, std::uint64_t length) {
    if (blob->bytes.size() == blob->size_bytes && length > 0) {
        std::vector<shared_bytes> pieces;
        pieces.emplace_back(blob, std::string_view(blob->bytes).substr(offset, length));
        return pieces;
    }
    return http::file_body{blob, blob->descriptor, offset, length};
}

}  // namespace

std::pair<std::string_view, std::string> saved_as(std::string_view file_name) {
    std::string value = "attachment; filename=\"";
    value += file_name;
    value += "\"; filename*=UTF-8''";
    value += file_name;
    return {"Content-Disposition", std::move(value)};
}

// Conditions first, then the range (RFC 9110, 13.2.2).
http::response serve_blob(http::request_head const& head,
                          std::shared_ptr<storage::blob const> const& content,
                          sha256_digest const& digest, blob_form const& form) {
    auto const etag = '"' + digest.hex() + '"';
    http::resource_state const state{etag, std::nullopt};
    auto const verdict = http::evaluate(head, state);
    auto const size = content->size_bytes;
    auto const range = http::select_range(head, state, size);

    auto status = http::status_of(verdict);
    if (verdict == http::verdict::proceed) status = http::status_of(range);
    http::response r(status);
    r.header("ETag", etag);
    r.header("Cache-Control", "no-cache");
    r.header("Accept-Ranges", "bytes");
    if (verdict != http::verdict::proceed) return r;
    if (auto const line = http::content_range(range, size); !line.empty())
        r.header("Content-Range", line);
    if (range.what == http::byte_range::kind::unsatisfiable) return r;
    r.header("Content-Type", form.content_type);
    for (auto const& [name, value] : form.fields) r.header(name, value);
    r.body(body_of(content, range.offset, range.length));
    return r;
}

}  // namespace pilothouse::serving
