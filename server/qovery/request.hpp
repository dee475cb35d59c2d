// What the handlers of the deploy API have in common: their request, its body, its query, what its
// UUIDs open.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "server/http/exchange.hpp"
#include "server/http/response.hpp"
#include "server/http/route.hpp"
#include "server/qovery/routes.hpp"
#include "server/qovery/words.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::qovery {

// Checks of a table, for every parameter of a pattern: errc::invalid_argument, errc::not_found.
[[nodiscard]] result<void> uuids_or_invalid(http::exchange const& x);
[[nodiscard]] result<void> uuids_or_not_found(http::exchange const& x);

struct request {
    http::exchange& x;
    std::string site;  // "https://host/base": what absolute addresses begin with

    [[nodiscard]] std::string const& path(std::size_t index) const { return x.parameters[index]; }
    // The same in lower case, which the table has checked to be a UUID.
    [[nodiscard]] std::string uuid(std::size_t index) const;
    // Of the query, decoded; the first of that name. Empty: absent.
    [[nodiscard]] std::optional<std::string> asked(std::string_view name) const;
    // true and false; absent is false. errc::invalid_argument
    [[nodiscard]] result<bool> flag(std::string_view name) const;
    // 1 to 100; absent is 20. errc::invalid_argument
    [[nodiscard]] result<std::size_t> page_size() const;
    // Whether a dry run is asked for (forceEvent=DIFF). errc::invalid_argument: any other event.
    [[nodiscard]] result<bool> asks_difference() const;
};

// The body whole, whatever type it says to be of. errc as the body's.
[[nodiscard]] task<result<secret>> read_text(http::exchange& x);
// An object; nothing, and null, are an empty one. errc::invalid_argument; errc as the body's.
[[nodiscard]] task<result<json::object>> read_object(http::exchange& x);

// What a body says. Null is absent. errc::invalid_argument: it is of another type.
[[nodiscard]] result<std::string> text_of(json::object const& o, std::string_view name);

// The version that a deployment is asked for with; empty: none is named. errc::invalid_argument:
// something of Git is named (contracts: releases 3.1).
[[nodiscard]] result<std::string> version_in(json::object const& o);

using answer = task<result<http::response>>;
template <class Handlers>
using handler_of = answer (Handlers::*)(request&);

// What every group of handlers starts from. Thread-safe.
class handlers {
public:
    explicit handlers(deploy_uses uses) : uses_(std::move(uses)) {}
    [[nodiscard]] std::string const& base_path() const noexcept { return uses_.base_path; }

protected:
    // By the first parameter of the path. errc as deploy::access has them.
    [[nodiscard]] task<result<deploy::environment_access>> environment(
        request const& r, deploy::environment_right what);
    [[nodiscard]] task<result<deploy::service_access>> service(request const& r,
                                                               deploy::environment_right what);

    deploy_uses uses_;
};

// Where the caller comes from, for the audit log.
void came_from(deploy::environment_access& a, std::string_view peer);

[[nodiscard]] std::string site_of(http::exchange const& x, std::string_view base_path);

// Calls the handler, words its failure.
template <class Handlers>
task<http::response> serve(std::shared_ptr<Handlers> handlers, handler_of<Handlers> handler,
                           http::exchange& x) {
    words const w;
    request r{x, site_of(x, handlers->base_path())};
    auto answered = co_await ((*handlers).*handler)(r);
    if (!answered) co_return w.refuse(x, answered.error());
    co_return std::move(*answered);
}

// For a table: what answers a route by a member of these handlers.
template <class Handlers>
http::handler calling(std::shared_ptr<Handlers> handlers, handler_of<Handlers> handler) {
    return [handlers, handler](http::exchange& x) { return serve(handlers, handler, x); };
}

}  // namespace pilothouse::qovery
