#include "server/grpc/operation_service.hpp"

#include "server/grpc/words.hpp"

#include <optional>

namespace pilothouse::rpc {

using auth::permission;

task<answer<Operation>> operation_service::get(call const& c,
                                               operations::GetOperationRequest asked) {
    if (auto const ok = require("operation_id", asked.operation_id()); !ok) co_return ok.error();
    PILOTHOUSE_CO_TRY(auto const grant, co_await to_operation(uses_, c, permission::see_cluster,
                                                              asked.operation_id()));
    PILOTHOUSE_CO_TRY(auto const found, co_await uses_.read.operation(grant, asked.operation_id()));
    co_return co_await whole(grant, found);
}

task<answer<Operation>> operation_service::cancel(call const& c,
                                                  operations::CancelOperationRequest asked) {
    if (auto const ok = require("operation_id", asked.operation_id()); !ok) co_return ok.error();
    PILOTHOUSE_CO_TRY(auto const grant, co_await to_operation(uses_, c, permission::use_cluster,
                                                              asked.operation_id()));
    PILOTHOUSE_CO_TRY(auto const found, co_await uses_.read.cancel(grant, asked.operation_id()));
    co_return co_await whole(grant, found);
}

// The release is looked up only where the answer shows it.
task<Operation> operation_service::whole(auth::grant const& g, storage::operation_record const& o) {
    std::optional<storage::release_record> release;
    bool const names_no_version =
        o.kind == storage::operation_kind::rollback || !storage::is_of_helm(o.kind);
    bool const shows_release =
        names_no_version || (o.state == storage::operation_state::done && !o.error &&
                             o.kind != storage::operation_kind::uninstall);
    if (shows_release) {
        auto found = co_await uses_.read.find(g, o.release);
        if (found) release = std::move(*found);
    }
    co_return shown(o, release);
}

}  // namespace pilothouse::rpc
