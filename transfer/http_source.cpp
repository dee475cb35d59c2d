#include "transfer/http_source.hpp"

#include "base/runtime.hpp"
#include "transfer/foreign_index.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace pilothouse::transfer {

namespace {

using client::body_sink;
using client::url;

constexpr std::string_view signed_message = "-----BEGIN PGP SIGNED MESSAGE-----";

// 404 and 410; 403 is how object stores speak of what they do not have.
bool absent(unsigned status) { return status == 404 || status == 410 || status == 403; }

// Before the second attempt, and before the third.
constexpr std::array pauses = {std::chrono::milliseconds(250), std::chrono::milliseconds(1000)};
constexpr std::chrono::seconds pause_max{30};

// What may be otherwise in a moment.
bool passing(result<client::answer> const& a) {
    if (!a) return a.error().code == errc::unavailable || a.error().code == errc::timed_out;
    return a->status == 429 || (a->status >= 502 && a->status <= 504);
}

// As long as the server asks for, in seconds; where it does not, `usual`. RFC 9110, 10.2.3.
std::chrono::milliseconds pause_after(result<client::answer> const& a,
                                      std::chrono::milliseconds usual) {
    if (!a) return usual;
    auto const field = a->fields.find("retry-after");
    if (field == a->fields.end()) return usual;
    auto const& text = field->second;
    unsigned seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) return usual;
    return std::min<std::chrono::milliseconds>(std::chrono::seconds(seconds), pause_max);
}

failure refused(client::answer const& a) {
    return {errc::unavailable,
            "the server answered " + std::to_string(a.status) + " for " + a.where.text()};
}

class http_source final : public source {
public:
    http_source(url repository, std::optional<client::login> who, source_limits limits)
        : repository_(std::move(repository)), who_(std::move(who)), limits_(limits) {}

    result<void> prepare(client::client_settings settings) {
        PILOTHOUSE_TRY(client_, client::http_client::make(loop_.get_executor(), settings));
        return {};
    }

    result<std::vector<source_entry>> entries() override {
        PILOTHOUSE_TRY(auto const where, repository_.resolve_below("index.yaml"));
        std::string text;
        auto const a = fetch(where, limits_.index_bytes, into(text));
        if (!a) return failure(a.error().code, where.text() + ": " + a.error().detail);
        if (!a->success()) return refused(*a);
        auto index = read_foreign_index(text, limits_.entries);
        if (!index) return failure(index.error().code, where.text() + ": " + index.error().detail);
        std::vector<source_entry> all;
        all.reserve(index->size());
        for (auto& e : *index) {
            auto const file = e.file_name();
            all.push_back({file, file, std::move(e.url), e.digest, e.created, std::move(e.fault)});
        }
        return all;
    }

    result<fetched_archive> archive(source_entry const& entry) override {
        PILOTHOUSE_TRY(auto const where, repository_.resolve_below(entry.where));
        open_file file;
        sha256_hasher hasher;
        receiver const received = {[&]() -> result<void> {
                                       hasher = {};
                                       PILOTHOUSE_TRY(file, open_file::temporary());
                                       return {};
                                   },
                                   [&](std::string_view bytes) {
                                       hasher.update(bytes);
                                       return file.append(bytes);
                                   }};
        PILOTHOUSE_TRY(auto const a, fetch(where, limits_.archive_bytes, received));
        if (!a.success()) return refused(a);
        return fetched_archive{std::move(file), hasher.finish()};
    }

    result<std::optional<open_file>> provenance(source_entry const& entry) override {
        PILOTHOUSE_TRY(auto const archive, repository_.resolve_below(entry.where));
        auto const where = archive.with_path_suffix(".prov");
        std::string text;
        auto const a = fetch(where, provenance_bytes_max, into(text));
        // Too large for any signature: the page of a server that answers 200 to everything.
        if (!a && a.error().code == errc::too_large) return std::optional<open_file>();
        if (!a) return failure(a.error().code, "its provenance: " + a.error().detail);
        if (absent(a->status)) return std::optional<open_file>();
        if (!a->success())
            return failure(errc::unavailable, "its provenance: " + refused(*a).detail);
        if (!text.starts_with(signed_message)) return std::optional<open_file>();
        PILOTHOUSE_TRY(auto file, open_file::temporary());
        auto const written = file.append(text);
        if (!written) return written.error();
        return std::optional(std::move(file));
    }

    [[nodiscard]] bool near() const noexcept override { return false; }

private:
    // What a body goes to; `begin` is called before each attempt.
    struct receiver {
        std::function<result<void>()> begin;
        body_sink take;
    };
    // The text outlives it.
    static receiver into(std::string& text) {
        return {[&]() -> result<void> {
                    text.clear();
                    return {};
                },
                [&](std::string_view bytes) -> result<void> {
                    text += bytes;
                    return {};
                }};
    }

    result<client::answer> fetch(url const& where, std::uint64_t bytes_max,
                                 receiver const& received) {
        for (std::size_t attempt = 0;; ++attempt) {
            if (auto const ready = received.begin(); !ready) return ready.error();
            auto a = fetch_once(where, bytes_max, received.take);
            if (attempt == pauses.size() || !passing(a)) return a;
            std::this_thread::sleep_for(pause_after(a, pauses.at(attempt)));
        }
    }
    result<client::answer> fetch_once(url const& where, std::uint64_t bytes_max,
                                      body_sink const& sink) {
        client::request r{.where = where};
        r.answer_bytes_max = bytes_max;
        if (where.origin() == repository_.origin()) r.who = who_;
        std::optional<result<client::answer>> outcome;
        std::exception_ptr thrown;
        loop_.restart();
        asio::co_spawn(loop_, keep(client_->fetch(std::move(r), sink), outcome),
                       [&](std::exception_ptr e) { thrown = e; });
        loop_.run();
        if (thrown) std::rethrow_exception(thrown);
        return std::move(*outcome);
    }
    // What a coroutine is spawned for has to be default-constructible; a result is not.
    static task<void> keep(task<result<client::answer>> asked,
                           std::optional<result<client::answer>>& outcome) {
        outcome.emplace(co_await std::move(asked));
    }

    asio::io_context loop_{1};
    url repository_;
    std::optional<client::login> who_;
    source_limits limits_;
    std::unique_ptr<client::http_client> client_;
};

}  // namespace

result<std::unique_ptr<source>> open_http_source(std::string_view text,
                                                 std::optional<client::login> who,
                                                 client::client_settings settings,
                                                 source_limits limits) {
    constexpr std::string_view index = "/index.yaml";
    if (text.ends_with(index)) text.remove_suffix(index.size());
    PILOTHOUSE_TRY(auto repository, url::parse(text));
    auto made = std::make_unique<http_source>(std::move(repository), std::move(who), limits);
    auto const prepared = made->prepare(std::move(settings));
    if (!prepared) return prepared.error();
    return std::unique_ptr<source>(std::move(made));
}

}  // namespace pilothouse::transfer
