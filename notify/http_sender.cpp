#include "notify/http_sender.hpp"

#include "base/doorbell.hpp"
#include "client/http_client.hpp"
#include "notify/webhook_secret.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace pilothouse::notify {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::uint64_t taken_bytes_max = 16 * 1024;     // of the answer of one who took it
constexpr std::uint64_t answer_bytes_max = 1024 * 1024;  // of any
constexpr std::size_t head_bytes_max = 16 * 1024;

std::int64_t seconds_of(instant t) {
    return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

client::client_settings settings_of(sender_settings const& s,
                                    std::shared_ptr<client::off_switch> off) {
    client::client_settings c;
    c.connect = c.head = c.stall = c.total = s.timeout;
    c.head_bytes_max = head_bytes_max;
    c.redirects_max = 0;
    c.ca_file = s.ca_file;
    c.allow_private = s.allow_private;
    c.off = std::move(off);
    return c;
}

client::request request_of(outgoing const& what, client::url where) {
    auto const seconds = seconds_of(what.at);
    client::request r{std::move(where)};
    r.method = "POST";
    r.fields = {{"content-type", "application/json"},
                {"webhook-id", what.id},
                {"webhook-timestamp", std::to_string(seconds)},
                {"webhook-signature", signature(what.key, what.id, seconds, what.body)}};
    r.body = what.body;
    r.answer_bytes_max = answer_bytes_max;
    return r;
}

std::string refusal_of(unsigned status) {
    bool const elsewhere = status >= 300 && status < 400;
    return "answered " + std::to_string(status) + (elsewhere ? ": redirects are not followed" : "");
}

task<sent> attempt(outgoing what, client::client_settings settings) {
    sent s;
    auto where = client::url::parse(what.url);
    if (!where) {
        s.error = where.error().detail;
        co_return s;
    }
    auto const core = co_await this_core();
    auto const client = client::http_client::make(core, std::move(settings));
    if (!client) {
        s.error = client.error().detail;
        co_return s;
    }
    std::uint64_t taken = 0;
    bool success = false;
    // Called for the body of a 2xx answer alone: enough was heard.
    client::body_sink const sink = [&](std::string_view bytes) -> result<void> {
        success = true;
        taken += bytes.size();
        if (taken <= taken_bytes_max) return {};
        return failure(errc::too_large, "the answer is longer than anybody reads");
    };
    auto request = request_of(what, *std::move(where));
    auto const answer = co_await (*client)->fetch(std::move(request), sink);
    if (answer) {
        s.status = static_cast<int>(answer->status);
        if (!answer->success()) s.error = refusal_of(answer->status);
    } else if (success) {
        s.status = 200;
    } else {
        s.error = answer.error().detail;
        if (s.error.ends_with("has no public address"))
            s.error += ": the server's setting webhooks.allow_private is off";
    }
    co_return s;
}

}  // namespace

task<sent> http_sender::send(outgoing what) {
    auto const began = steady::now();
    auto s = co_await attempt(std::move(what), settings_of(settings_, off_));
    s.duration = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - began);
    co_return s;
}

}  // namespace pilothouse::notify
