#include "transfer/http_source.hpp"

#include "base/runtime.hpp"
#include "transfer/foreign_index.hpp"

#include <string>
#include <utility>

namespace pilothouse::transfer {

namespace {

using client::body_sink;
using client::url;

constexpr std::uint64_t provenance_bytes_max = 64 * 1024;
constexpr std::string_view signed_message = "-----BEGIN PGP SIGNED MESSAGE-----";

// 404 and 410; 403 is how object stores speak of what they do not have.
bool absent(unsigned status) { return status == 404 || status == 410 || status == 403; }

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
        body_sink const sink = [&](std::string_view bytes) -> result<void> {
            text += bytes;
            return {};
        };
        auto const a = fetch(where, limits_.index_bytes, sink);
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
        PILOTHOUSE_TRY(auto file, open_file::temporary());
        sha256_hasher hasher;
        body_sink const sink = [&](std::string_view bytes) {
            hasher.update(bytes);
            return file.append(bytes);
        };
        PILOTHOUSE_TRY(auto const a, fetch(where, limits_.archive_bytes, sink));
        if (!a.success()) return refused(a);
        return fetched_archive{std::move(file), hasher.finish()};
    }

    result<std::optional<open_file>> provenance(source_entry const& entry) override {
        PILOTHOUSE_TRY(auto const archive, repository_.resolve_below(entry.where));
        auto const where = archive.with_path_suffix(".prov");
        std::string text;
        body_sink const sink = [&](std::string_view bytes) -> result<void> {
            text += bytes;
            return {};
        };
        auto const a = fetch(where, provenance_bytes_max, sink);
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
    result<client::answer> fetch(url const& where, std::uint64_t bytes_max, body_sink const& sink) {
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
