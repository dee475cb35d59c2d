// A channel's index as an answer, for every door that serves one: conditions, compression, body.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "index/index_snapshot.hpp"
#include "server/http/request_head.hpp"
#include "server/http/response.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace pilothouse::serving {

struct index_form {
    std::string context_path;  // goes into serverInfo; empty: no serverInfo
    std::string_view content_type = "text/yaml";
};

// 200, 304 or 412, with ETag, Last-Modified, Cache-Control and Vary. gzip for who asks for it; what
// is not compressed yet is compressed on the pool. The door adds the fields of its dialect. `head`
// outlives the coroutine; `now` is the time of the answer.
[[nodiscard]] task<http::response> serve_index(http::request_head const& head,
                                               std::shared_ptr<index::index_snapshot const> index,
                                               index_form form, instant now, blocking_pool& pool);

}  // namespace pilothouse::serving
