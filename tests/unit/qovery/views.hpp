// Services as tests of shapes want them.
#pragma once

#include "deploy/service_view.hpp"

#include <chrono>
#include <string>

namespace pilothouse::tests {

using namespace std::chrono_literals;

inline instant const noon = *from_rfc3339("2026-11-22T12:00:00Z");

// That was never deployed.
inline deploy::service_view view_of(std::string uuid) {
    deploy::service_view v;
    v.service.name = "service " + uuid;
    v.service.uuid = std::move(uuid);
    v.service.created = v.service.updated = noon;
    return v;
}

inline storage::deployment_record deployment(std::string uuid, instant when) {
    storage::deployment_record d;
    d.uuid = std::move(uuid);
    d.operation = "o-" + d.uuid;
    d.chart = "buoy";
    d.version = "1.0.0";
    d.by_name = "skipper";
    d.created = when;
    return d;
}

// That waited three seconds, and took seven.
inline storage::deployment_record ended(storage::deployment_record d,
                                        storage::deployment_outcome how) {
    d.started = d.created + 3s;
    d.finished = d.created + 10s;
    d.outcome = how;
    return d;
}

inline deploy::service_view view_of(std::string uuid, storage::deployment_record last,
                                    deploy::service_status status) {
    auto v = view_of(std::move(uuid));
    v.last = std::move(last);
    v.status = status;
    return v;
}

}  // namespace pilothouse::tests
