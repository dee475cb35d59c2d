// A stored file as an answer, for every door that serves some: conditions, ranges, body.
#pragma once

#include "base/sha256.hpp"
#include "server/http/request_head.hpp"
#include "server/http/response.hpp"
#include "storage/blob_store.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::serving {

struct blob_form {
    std::string_view content_type = "application/octet-stream";
    // Sent where bytes are: with 200 and 206.
    std::vector<std::pair<std::string_view, std::string>> fields;
};

// Under which name a client is to save it; the name is ours or validated.
[[nodiscard]] std::pair<std::string_view, std::string> saved_as(std::string_view file_name);

// 200, 206, 304, 412 or 416, with ETag (the digest, quoted), Cache-Control and Accept-Ranges. Never
// compressed. The door adds the fields of its dialect.
[[nodiscard]] http::response serve_blob(http::request_head const& head,
                                        std::shared_ptr<storage::blob const> const& content,
                                        sha256_digest const& digest, blob_form const& form);

}  // namespace pilothouse::serving
