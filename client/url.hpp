// A URL of the web: parsed, resolved, fit to be requested.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::client {

// http or https, with a host, without user and password (they belong in credentials) and fragment.
class url {
public:
    // errc::invalid_argument, with the reason. Characters that a URL may not hold are encoded, but
    // control characters refused.
    [[nodiscard]] static result<url> parse(std::string_view text);

    [[nodiscard]] bool tls() const noexcept { return tls_; }
    // In lower case; an IPv6 address without its brackets.
    [[nodiscard]] std::string const& host() const noexcept { return host_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string const& path() const noexcept { return path_; }  // begins with `/`
    [[nodiscard]] std::string const& query() const noexcept {
        return query_;
    }  // with `?`, or empty

    [[nodiscard]] std::string target() const { return path_ + query_; }
    // The Host field: the port only where it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
    // Scheme, host and port: what credentials are for (RFC 6454).
    [[nodiscard]] std::string origin() const;
    [[nodiscard]] std::string text() const { return origin() + target(); }

    // What a reference means here (RFC 3986, 5.2); failures as parse() has them.
    [[nodiscard]] result<url> resolve(std::string_view reference) const;
    // The same with the last segment of the path taken for a folder, as Helm reads the URLs of an
    // index; the query is kept where the reference has none.
    [[nodiscard]] result<url> resolve_below(std::string_view reference) const;

    // The same with this behind its path, in front of its query.
    [[nodiscard]] url with_path_suffix(std::string_view suffix) const;

private:
    url() = default;
    [[nodiscard]] result<void> take_authority(std::string_view text);
    void take_target(std::string_view text);

    bool tls_ = false;
    std::string host_;
    std::uint16_t port_ = 0;
    std::string path_;
    std::string query_;
};

}  // namespace pilothouse::client
