// A chart repository on another server.
#pragma once

#include "base/result.hpp"
#include "client/http_client.hpp"
#include "transfer/source.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace pilothouse::transfer {

// `url` is the repository's, as `helm repo add` takes it, or its index.yaml's. The login is sent to
// its origin alone. errc::invalid_argument, errc::unavailable: the URL, or the certificates of the
// settings, cannot be used.
[[nodiscard]] result<std::unique_ptr<source>> open_http_source(std::string_view url,
                                                               std::optional<client::login> who,
                                                               client::client_settings settings,
                                                               source_limits limits);

}  // namespace pilothouse::transfer
