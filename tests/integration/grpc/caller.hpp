// One caller of releases and their operations, who comes by either door: what a test says of gRPC
// it says of its twin for JSON, too.
#pragma once

#include "tests/integration/grpc/grpc_house.hpp"

#include <google/protobuf/message.h>
#include <proto/yandex/cloud/k8s/marketplace/v1/helm_release_service.grpc.pb.h>
#include <proto/yandex/cloud/operation/operation_service.grpc.pb.h>
#include <boost/json/value.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

namespace marketplace = ::yandex::cloud::k8s::marketplace::v1;
using ::yandex::cloud::operation::Operation;

enum class door { grpc, json };
inline constexpr std::array both_doors{door::grpc, door::json};

// An answer, or why there is none.
template <class Reply>
struct told {
    int code = 0;
    std::string message;
    std::string field;  // of the request that was wrong, if that was said
    Reply reply;
};

using value_pairs = std::vector<std::pair<std::string, std::string>>;

class caller {
public:
    // `token`: empty: none is shown.
    caller(grpc_house& house, door way, std::string token);

    told<Operation> install(std::string const& version, value_pairs const& values = {},
                            std::string const& cluster = "dev");
    told<Operation> update(std::string const& id, std::string const& version = {},
                           value_pairs const& values = {});
    told<Operation> uninstall(std::string const& id);
    told<marketplace::HelmRelease> get(std::string const& id);
    told<marketplace::ListHelmReleasesResponse> list(std::int64_t size = 0,
                                                     std::string const& after = {},
                                                     std::string const& cluster = "dev");
    told<Operation> follow(std::string const& operation);
    told<Operation> cancel(std::string const& operation);
    // Polls until it is done, or for 20 seconds.
    Operation follow_to_end(std::string const& operation);

    std::string key = {};  // `idempotency-key` of the calls that follow

private:
    template <class Reply, class Stub, class Asked>
    told<Reply> by_grpc(Stub& stub,
                        ::grpc::Status (Stub::*method)(::grpc::ClientContext*, Asked const&,
                                                       Reply*),
                        Asked const& asked);
    template <class Reply>
    told<Reply> by_json(char const* verb, std::string const& target, std::string const& body = {});

    grpc_house& house_;
    door way_;
    std::string token_;
    std::shared_ptr<::grpc::Channel> wire_;
    marketplace::HelmReleaseService::Stub releases_;
    ::yandex::cloud::operation::OperationService::Stub operations_;
};

// With a chart, and somebody who may install it.
struct manned_house : grpc_house {
    storage::user_record skipper = add_user("skipper");
    std::string token = add_token(skipper);

    manned_house() {
        let(skipper, cluster, storage::role::developer);
        let_read_charts(skipper);
        push_demo();
    }
    // As clients name it.
    std::string product_version(std::string const& chart = "demo",
                                std::string const& version = "1.0.0") {
        auto const entry = run_to_end(
            stores->catalogue().find(project.id, "stable", chart + "-" + version + ".tgz"));
        return release::product_version_of(entry.value().id);
    }
};

// The same for messages that say the same: those within an Any may have their fields in another
// order, or written out though they are empty.
[[nodiscard]] boost::json::value meant_by(google::protobuf::Message const& m);
// The id of the release that an operation is about, as its metadata have it.
[[nodiscard]] std::string release_in(Operation const& o);

}  // namespace pilothouse::tests
