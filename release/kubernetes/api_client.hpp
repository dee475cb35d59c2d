// Talks to one API server: JSON over HTTP, bounded in size and time.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "client/http_client.hpp"
#include "client/off_switch.hpp"
#include "client/url.hpp"
#include "release/kubeconfig.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::release::kubernetes {

struct time_limits {
    std::chrono::milliseconds call{10'000};
    std::chrono::milliseconds all{30'000};  // from make() on
};

struct reply {
    unsigned status = 0;
    boost::json::value body;  // null: it is not JSON

    [[nodiscard]] bool success() const noexcept { return status >= 200 && status < 300; }
};

// Lives on one core; one call at a time. Credentials stay in memory, and go to the server that they
// are for: no redirection is followed.
class api_client {
public:
    // `off` ends its calls; null: nothing does.
    // errc::wrong_state: the server's address or a certificate cannot be used, and why.
    [[nodiscard]] static result<std::unique_ptr<api_client>> make(
        executor core, cluster_access const& access, time_limits limits,
        std::shared_ptr<client::off_switch> off = {});

    // Any status is a reply. errc::unavailable: not reached, or not in time; errc::wrong_state: its
    // certificate is not trusted. The path begins with `/`, and may have a query.
    [[nodiscard]] task<result<reply>> get(std::string path);
    // Of an object, its metadata alone: what a Secret holds stays where it is.
    [[nodiscard]] task<result<reply>> get_metadata(std::string path);
    [[nodiscard]] task<result<reply>> post(std::string path, boost::json::value body);
    enum class patch_form : std::uint8_t { merge, steps };  // RFC 7386, RFC 6902
    [[nodiscard]] task<result<reply>> patch(std::string path, boost::json::value body,
                                            patch_form form);

private:
    api_client() = default;
    struct question {
        std::string method, path, body, accept;
        std::string_view body_form = "application/json";
    };
    [[nodiscard]] task<result<reply>> call(question q);

    std::unique_ptr<client::http_client> client_;
    std::string server_;  // without a slash at its end
    std::optional<client::login> who_;
    std::chrono::steady_clock::time_point end_;
    std::shared_ptr<client::off_switch> off_;
};

// A reply that is no success, in words. errc::wrong_state: the credentials are not taken;
// errc::denied: not for this one; errc::not_found; errc::unavailable: not now.
[[nodiscard]] failure refusal_of(reply const& r);

}  // namespace pilothouse::release::kubernetes
