#include "deploy/manage_environments.hpp"

#include "base/plain_text.hpp"
#include "base/uuid.hpp"
#include "deploy/label.hpp"
#include "deploy/service_view.hpp"
#include "release/release_name.hpp"

#include <memory>
#include <utility>

namespace pilothouse::deploy {

namespace {

using auth::permission;
using storage::environment_record;

constexpr std::size_t environment_name_bytes_max = 255;
constexpr std::size_t namespace_bytes_max = 63;

result<void> check_name(std::string_view name) {
    if (!name.empty() && name.size() <= environment_name_bytes_max)
        return check_text("name", name, environment_name_bytes_max, text_shape::one_line);
    return failure(errc::invalid_argument, "name: an environment's has between 1 and 255 bytes");
}

auth::audited thing(environment_record const& e) { return {"Environment", e.id.value, e.name}; }

}  // namespace

task<std::vector<environment_record>> manage_environments::list(auth::grant const& g) {
    g.expect({permission::read_project});
    co_return co_await parts_.environments.list(g.project().id);
}

task<result<environment_record>> manage_environments::create(auth::grant const& g,
                                                             new_environment wanted) {
    g.expect({permission::edit_project});
    if (auto const good = check_name(wanted.name); !good) co_return good.error();
    auto const who = std::make_shared<auth::principal const>(g.who());
    PILOTHOUSE_CO_TRY(auto const on_cluster,
                      co_await parts_.below.policy.authorize_on_cluster(
                          who, permission::use_cluster, std::move(wanted.cluster)));
    if (wanted.name_space.empty())
        wanted.name_space = label_of(g.project().path + "-" + wanted.name, namespace_bytes_max);
    if (auto const good = release::check_namespace(wanted.name_space); !good)
        co_return good.error();
    auto const taken = release::check_namespace_policy(on_cluster.cluster(), wanted.name_space);
    if (!taken) co_return taken.error();

    environment_record record;
    record.uuid = random_uuid();
    record.project = g.project().id;
    record.cluster = on_cluster.cluster().id;
    record.name = std::move(wanted.name);
    record.name_space = std::move(wanted.name_space);
    record.mode = wanted.mode;
    record.creator = g.who().user;
    record.created = record.updated = parts_.below.time.now();
    PILOTHOUSE_CO_TRY(auto made, co_await parts_.environments.create(std::move(record)));
    co_await parts_.below.audit.note(g, "environment_created", thing(made),
                                     made.cluster_name + "/" + made.name_space);
    co_return made;
}

task<result<environment_record>> manage_environments::edit(environment_access const& a,
                                                           environment_changes changes) {
    a.expect(environment_right::manage);
    if (changes.name)
        if (auto const good = check_name(*changes.name); !good) co_return good.error();
    auto const change = [&](environment_record& e) -> result<void> {
        if (changes.name) e.name = *changes.name;
        if (changes.mode) e.mode = *changes.mode;
        e.updated = parts_.below.time.now();
        return {};
    };
    PILOTHOUSE_CO_TRY(auto edited, co_await parts_.environments.edit(a.environment.id, change));
    co_await parts_.below.audit.note(a.in_project, "environment_updated", thing(edited));
    co_return edited;
}

task<result<void>> manage_environments::remove(environment_access const& a) {
    a.expect(environment_right::manage);
    // Services that were to be removed go as soon as somebody looks.
    auto const left = co_await look_at_all(parts_, a.environment.id);
    if (!left) co_return left.error();
    auto const removed = co_await parts_.environments.remove(a.environment.id);
    if (!removed) co_return removed.error();
    co_await parts_.below.audit.note(a.in_project, "environment_removed", thing(a.environment));
    co_return result<void>();
}

}  // namespace pilothouse::deploy
