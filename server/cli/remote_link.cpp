#include "server/cli/remote_link.hpp"

#include "server/cli/answer_reader.hpp"
#include "server/cli/control_message.hpp"
#include "server/cli/remote_words.hpp"
#include "server/version.hpp"

#include "base/runtime.hpp"
#include "client/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <span>
#include <utility>

namespace pilothouse::cli {

namespace {

using namespace std::chrono_literals;

// The longest command is a collection of garbage over a large store.
client::client_settings patient(std::string ca_file) {
    client::client_settings s;
    s.head = 600s;
    s.total = 6h;  // a large archive over a thin line; each piece of it has less
    s.redirects_max = 0;
    s.ca_file = std::move(ca_file);
    s.allow_private = true;
    return s;
}

client::upload uploaded(attachment const& file) {
    return {file.size_bytes,
            [descriptor = file.descriptor](std::uint64_t offset, std::span<char> out) {
                return read_piece(descriptor, offset, out);
            }};
}

// What a coroutine is spawned for has to be default-constructible; a result is not.
task<void> keep(task<result<client::answer>> asked, std::optional<result<client::answer>>& out) {
    out.emplace(co_await std::move(asked));
}

}  // namespace

struct remote_link::state {
    explicit state(remote_server w) : where(std::move(w)) {}

    [[nodiscard]] result<client::answer> fetch(client::request what, client::body_sink sink);

    asio::io_context loop{1};
    remote_server where;
    std::unique_ptr<client::http_client> client;
};

result<client::answer> remote_link::state::fetch(client::request what, client::body_sink sink) {
    std::optional<result<client::answer>> outcome;
    std::exception_ptr thrown;
    loop.restart();
    asio::co_spawn(loop, keep(client->fetch(std::move(what), std::move(sink)), outcome),
                   [&](std::exception_ptr e) { thrown = e; });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*outcome);
}

remote_link::remote_link(std::unique_ptr<state> s) : state_(std::move(s)) {}

remote_link::~remote_link() = default;

result<std::unique_ptr<remote_link>> remote_link::open(remote_server const& where) {
    auto made = std::make_unique<state>(where);
    PILOTHOUSE_TRY(made->client,
                   client::http_client::make(made->loop.get_executor(), patient(where.ca_file)));
    return std::unique_ptr<remote_link>(new remote_link(std::move(made)));
}

result<cli_result> remote_link::call(std::vector<std::string> const& arguments, bool confirmed,
                                     std::vector<attachment> const& attached,
                                     byte_sink const& sink) {
    control_request asked{arguments, confirmed};
    for (auto const& file : attached) asked.attached.push_back(file.size_bytes);
    client::request request{.where = state_->where.where, .method = "POST"};
    request.who = client::login{"", state_->where.token};
    request.fields = {{"Content-Type", std::string(command_media_type)},
                      {"Accept", std::string(answer_media_type)},
                      {std::string(version_field), PILOTHOUSE_VERSION}};
    request.body = encode(asked);
    if (request.body.size() > request_bytes_max)
        return failure(errc::invalid_argument, "the arguments are too long");
    for (auto const& file : attached) request.uploads.push_back(uploaded(file));
    request.answer_bytes_max = answer_bytes_max + attached_bytes_max;

    answer_reader reader(sink);
    auto const a = state_->fetch(std::move(request),
                                 [&reader](std::string_view bytes) { return reader.take(bytes); });
    if (!a) {
        if (reader.failed()) return *reader.failed();
        if (reader.is_malformed()) return not_pilothouse(state_->where.where);
        return not_answered(a.error(), state_->where.where);
    }
    if (!a->success()) return refusal_of(*a, state_->where.where);
    auto const type = a->fields.find("content-type");
    if (type == a->fields.end() || type->second != answer_media_type)
        return not_pilothouse(state_->where.where);
    auto done = std::move(reader).finish();
    if (!done) return not_pilothouse(state_->where.where);
    return std::move(*done);
}

}  // namespace pilothouse::cli
