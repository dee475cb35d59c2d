#include "server/grpc/bindings.hpp"

#include <proto/yandex/cloud/endpoint/api_endpoint_service.grpc.pb.h>
#include <proto/yandex/cloud/iam/v1/iam_token_service.grpc.pb.h>
#include <proto/yandex/cloud/k8s/marketplace/v1/helm_release_service.grpc.pb.h>
#include <proto/yandex/cloud/operation/operation_service.grpc.pb.h>

namespace pilothouse::rpc {

namespace {

using context = ::grpc::CallbackServerContext;
using reactor = ::grpc::ServerUnaryReactor;
using bytes = ::grpc::ByteBuffer;

// The library reads messages itself otherwise, and answers what it cannot read with UNIMPLEMENTED
// and no word.
using raw_releases = marketplace::HelmReleaseService;
using raw_helm_releases =
    raw_releases::WithRawCallbackMethod_List<raw_releases::WithRawCallbackMethod_Get<
        raw_releases::WithRawCallbackMethod_Install<raw_releases::WithRawCallbackMethod_Update<
            raw_releases::WithRawCallbackMethod_Uninstall<raw_releases::Service>>>>>;
using raw_operations = operations::OperationService::WithRawCallbackMethod_Get<
    operations::OperationService::WithRawCallbackMethod_Cancel<
        operations::OperationService::Service>>;
using raw_endpoints = endpoints::ApiEndpointService::WithRawCallbackMethod_Get<
    endpoints::ApiEndpointService::WithRawCallbackMethod_List<
        endpoints::ApiEndpointService::Service>>;
using raw_tokens =
    iam::IamTokenService::WithRawCallbackMethod_Create<iam::IamTokenService::Service>;

class helm_releases final : public raw_helm_releases {
public:
    helm_releases(bridge& over, helm_release_service& to) : over_(over), to_(to) {}

    reactor* List(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::list_releases, to_, &helm_release_service::list, *asked,
                           *reply);
    }
    reactor* Get(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::get_release, to_, &helm_release_service::get, *asked,
                           *reply);
    }
    reactor* Install(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::install, to_, &helm_release_service::install, *asked,
                           *reply);
    }
    reactor* Update(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::update, to_, &helm_release_service::update, *asked,
                           *reply);
    }
    reactor* Uninstall(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::uninstall, to_, &helm_release_service::uninstall, *asked,
                           *reply);
    }

private:
    bridge& over_;
    helm_release_service& to_;
};

class operations_bound final : public raw_operations {
public:
    operations_bound(bridge& over, operation_service& to) : over_(over), to_(to) {}

    reactor* Get(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::get_operation, to_, &operation_service::get, *asked,
                           *reply);
    }
    reactor* Cancel(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::cancel_operation, to_, &operation_service::cancel, *asked,
                           *reply);
    }

private:
    bridge& over_;
    operation_service& to_;
};

class endpoints_bound final : public raw_endpoints {
public:
    endpoints_bound(bridge& over, api_endpoint_service& to) : over_(over), to_(to) {}

    reactor* Get(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::get_endpoint, to_, &api_endpoint_service::get, *asked,
                           *reply);
    }
    reactor* List(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::list_endpoints, to_, &api_endpoint_service::list, *asked,
                           *reply);
    }

private:
    bridge& over_;
    api_endpoint_service& to_;
};

class tokens_bound final : public raw_tokens {
public:
    tokens_bound(bridge& over, iam_token_service& to) : over_(over), to_(to) {}

    reactor* Create(context* at, bytes const* asked, bytes* reply) override {
        return over_.serve(*at, methods::create_token, to_, &iam_token_service::create, *asked,
                           *reply);
    }

private:
    bridge& over_;
    iam_token_service& to_;
};

}  // namespace

std::vector<bound_service> bind_services(bridge& over, services& all) {
    return {std::make_shared<helm_releases>(over, all.releases),
            std::make_shared<operations_bound>(over, all.operations),
            std::make_shared<endpoints_bound>(over, all.endpoints),
            std::make_shared<tokens_bound>(over, all.tokens)};
}

}  // namespace pilothouse::rpc
