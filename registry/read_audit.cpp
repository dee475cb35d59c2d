#include "registry/read_audit.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;

void limit_to_place(auth::grant const& g, storage::audit_filter& filter) {
    g.expect({permission::administer, permission::edit_project, permission::own_group});
    if (g.what() == permission::edit_project) filter.project = g.project().id;
    if (g.what() == permission::own_group) filter.group = g.group().id;
}

}  // namespace

task<read_audit::events> read_audit::list(auth::grant const& g, storage::audit_filter filter,
                                          std::size_t skip, std::size_t count) {
    limit_to_place(g, filter);
    events found;
    found.total = co_await log_.count(filter);
    found.page = co_await log_.list(filter, skip, count);
    co_return found;
}

task<result<storage::audit_event>> read_audit::find(auth::grant const& g, storage::audit_id id) {
    storage::audit_filter place;
    limit_to_place(g, place);
    auto found = co_await log_.find(id);
    bool const here = found && (!place.project || found->project == *place.project) &&
                      (!place.group || found->group == *place.group);
    if (!here) co_return failure(errc::not_found, "there is no such event");
    co_return std::move(*found);
}

}  // namespace pilothouse::registry
