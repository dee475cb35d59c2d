#include "server/qovery/environment_handlers.hpp"
#include "server/qovery/shapes.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <string>
#include <utility>

namespace pilothouse::qovery {

namespace {

using deploy::environment_right;

failure not_there() {
    return {errc::not_found, "the environment has no service with one of these UUIDs"};
}

// The elements of a list of a body; none where it is absent or null. errc::invalid_argument
result<json::array> list_in(json::object const& o, std::string_view name) {
    auto const* const v = o.if_contains(name);
    if (v == nullptr || v->is_null()) return json::array();
    if (!v->is_array()) return failure(errc::invalid_argument, std::string(name) + ": is no list");
    return v->get_array();
}

// An element of `helms` and of `helm_ids`. errc::invalid_argument
result<deploy::asked_service> read_one(json::value const& v) {
    if (v.is_string()) return deploy::asked_service{std::string(v.get_string()), {}};
    if (!v.is_object())
        return failure(errc::invalid_argument, "the body names a service by no UUID");
    deploy::asked_service named;
    PILOTHOUSE_TRY(named.uuid, text_of(v.get_object(), "id"));
    PILOTHOUSE_TRY(named.version, version_in(v.get_object()));
    return named;
}

// What clients name of other kinds of services: there are none here.
result<void> check_helms_only(json::object const& o) {
    for (auto const* const name :
         {"applications", "databases", "containers", "jobs", "terraforms", "application_ids",
          "container_ids", "database_ids", "job_ids", "terraform_ids"}) {
        PILOTHOUSE_TRY(auto const others, list_in(o, name));
        if (!others.empty()) return not_there();
    }
    return {};
}

}  // namespace

task<result<deploy::asked_services>> environment_handlers::named(request const& r,
                                                                 std::string_view list) {
    PILOTHOUSE_CO_TRY(auto const asked, co_await read_object(r.x));
    if (auto const good = check_helms_only(asked); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const all, list_in(asked, list));
    if (all.empty())
        co_return failure(errc::invalid_argument, std::string(list) + ": names no service");
    deploy::asked_services some;
    for (auto const& one : all) {
        PILOTHOUSE_CO_TRY(auto wanted, read_one(one));
        some.push_back(std::move(wanted));
    }
    co_return some;
}

answer environment_handlers::outcome(deploy::environment_access const& a,
                                     deploy::told_services const& told) {
    if (told.empty()) co_return no_content();
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.deployments.look(a));
    co_return shown(202, environment_status_shape(a.environment.uuid, all));
}

answer environment_handlers::deploy(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto const told, co_await uses_.together.deploy(a, std::nullopt));
    static_cast<void>(told);
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.deployments.look(a));
    co_return shown(202, deployed_environment_shape(a.environment.uuid, all));
}

answer environment_handlers::deploy_some(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto some, co_await named(r, "helms"));
    PILOTHOUSE_CO_TRY(auto const told, co_await uses_.together.deploy(a, std::move(some)));
    co_return co_await outcome(a, told);
}

answer environment_handlers::stop(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto const told, co_await uses_.together.stop(a, std::nullopt));
    co_return co_await outcome(a, told);
}

answer environment_handlers::stop_some(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto some, co_await named(r, "helm_ids"));
    PILOTHOUSE_CO_TRY(auto const told, co_await uses_.together.stop(a, std::move(some)));
    co_return co_await outcome(a, told);
}

answer environment_handlers::uninstall(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto const told, co_await uses_.together.uninstall(a, std::nullopt));
    co_return co_await outcome(a, told);
}

answer environment_handlers::uninstall_some(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto some, co_await named(r, "helm_ids"));
    PILOTHOUSE_CO_TRY(auto const told, co_await uses_.together.uninstall(a, std::move(some)));
    co_return co_await outcome(a, told);
}

answer environment_handlers::remove_some(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::manage));
    PILOTHOUSE_CO_TRY(bool const leave, r.flag("skipReconcile"));
    PILOTHOUSE_CO_TRY(auto some, co_await named(r, "helm_ids"));
    auto const told = co_await uses_.together.remove(a, std::move(some), leave);
    if (!told) co_return told.error();
    co_return no_content();
}

answer environment_handlers::cancel(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::deploy));
    // Of force_cancel nothing is read: what is cancelled is ended by force when it does not heed.
    PILOTHOUSE_CO_TRY(auto const asked, co_await read_object(r.x));
    static_cast<void>(asked);
    PILOTHOUSE_CO_TRY(auto const told, co_await uses_.together.cancel(a));
    if (told.empty())
        co_return failure(errc::wrong_state, "nothing is under way that can be cancelled");
    co_return co_await outcome(a, told);
}

}  // namespace pilothouse::qovery
