// OperationService: what goes on after the call that asked for it (contracts: releases 1.4).
#pragma once

#include "base/task.hpp"
#include "server/grpc/call.hpp"
#include "server/grpc/release_uses.hpp"
#include "server/grpc/status.hpp"

#include <proto/yandex/cloud/operation/operation_service.pb.h>

namespace pilothouse::rpc {

namespace operations = ::yandex::cloud::operation;
using ::yandex::cloud::operation::Operation;

// Thread-safe.
class operation_service {
public:
    explicit operation_service(release_uses const& uses) : uses_(uses) {}

    [[nodiscard]] task<answer<Operation>> get(call const& c, operations::GetOperationRequest asked);
    // As it is then; what is done stays as it is.
    [[nodiscard]] task<answer<Operation>> cancel(call const& c,
                                                 operations::CancelOperationRequest asked);

private:
    [[nodiscard]] task<Operation> whole(auth::grant const& g, storage::operation_record const& o);

    release_uses uses_;
};

}  // namespace pilothouse::rpc
