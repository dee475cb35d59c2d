#include "tests/integration/grpc/caller.hpp"

#include <google/protobuf/util/json_util.h>
#include <proto/google/rpc/error_details.pb.h>
#include <proto/google/rpc/status.pb.h>
#include <boost/json/parse.hpp>

#include <chrono>
#include <map>
#include <stdexcept>
#include <thread>

namespace pilothouse::tests {

namespace {

namespace operation = ::yandex::cloud::operation;
using release_stub = marketplace::HelmReleaseService::Stub;
using operation_stub = operation::OperationService::Stub;

constexpr char const* releases_at = "/managed-kubernetes/marketplace/v1/helm-releases";

std::string written(google::protobuf::Message const& m) {
    std::string text;
    CHECK(google::protobuf::util::MessageToJsonString(m, &text).ok());
    return text;
}

void read(std::string const& text, google::protobuf::Message& into) {
    CAPTURE(text);
    CHECK(google::protobuf::util::JsonStringToMessage(text, &into).ok());
}

std::string field_in(google::rpc::Status const& status) {
    google::rpc::BadRequest bad;
    if (status.details_size() == 0) return {};
    CHECK(status.details(0).UnpackTo(&bad));
    return bad.field_violations(0).field();
}

// contracts: releases 1.3
unsigned status_for(int code) {
    static std::map<int, unsigned> const all = {
        {0, 200}, {3, 400},  {4, 504},  {5, 404},  {6, 409},  {7, 403}, {8, 429},
        {9, 400}, {10, 409}, {12, 501}, {13, 500}, {14, 503}, {16, 401}};
    return all.at(code);
}

template <class Asked>
void add(Asked& asked, value_pairs const& values) {
    for (auto const& [name, text] : values) {
        auto& one = *asked.add_user_values();
        one.set_key(name);
        one.mutable_value()->set_typed_value(text);
    }
}

}  // namespace

boost::json::value meant_by(google::protobuf::Message const& m) {
    google::protobuf::util::JsonPrintOptions whole;
    whole.always_print_primitive_fields = true;
    std::string text;
    CHECK(google::protobuf::util::MessageToJsonString(m, &text, whole).ok());
    return boost::json::parse(text);
}

caller::caller(grpc_house& house, door way, std::string token)
    : house_(house),
      way_(way),
      token_(std::move(token)),
      wire_(house.channel()),
      releases_(wire_),
      operations_(wire_) {}

template <class Reply, class Stub, class Asked>
told<Reply> caller::by_grpc(Stub& stub,
                            ::grpc::Status (Stub::*method)(::grpc::ClientContext*, Asked const&,
                                                           Reply*),
                            Asked const& asked) {
    told<Reply> t;
    metadata more;
    if (!key.empty()) more.emplace_back("idempotency-key", key);
    auto const answered = house_.call(stub, method, asked, t.reply, token_, more);
    t.code = answered.code();
    t.message = answered.status.error_message();
    google::rpc::Status status;
    CHECK(status.ParseFromString(answered.status.error_details()));
    t.field = field_in(status);
    // Metadata before an error would hide its code from some clients.
    if (t.code != 0) CHECK(answered.initial.empty());
    return t;
}

template <class Reply>
told<Reply> caller::by_json(char const* verb, std::string const& target, std::string const& body) {
    http_headers more;
    if (!key.empty()) more.emplace_back("Idempotency-Key", key);
    auto const answered = house_.request(verb, target, token_, body, more);
    told<Reply> t;
    if (answered.status == 200) {
        read(answered.body, t.reply);
        return t;
    }
    google::rpc::Status status;
    read(answered.body, status);
    t.code = status.code();
    t.message = status.message();
    t.field = field_in(status);
    CHECK(answered.status == status_for(t.code));
    return t;
}

told<Operation> caller::install(std::string const& version, value_pairs const& values,
                                std::string const& cluster) {
    marketplace::InstallHelmReleaseRequest asked;
    asked.set_cluster_id(cluster);
    asked.set_product_version_id(version);
    add(asked, values);
    if (way_ == door::grpc) return by_grpc<Operation>(releases_, &release_stub::Install, asked);
    return by_json<Operation>("POST", std::string(releases_at) + ":install", written(asked));
}

told<Operation> caller::update(std::string const& id, std::string const& version,
                               value_pairs const& values) {
    marketplace::UpdateHelmReleaseRequest asked;
    asked.set_id(id);
    asked.set_product_version_id(version);
    add(asked, values);
    if (way_ == door::grpc) return by_grpc<Operation>(releases_, &release_stub::Update, asked);
    return by_json<Operation>("PATCH", std::string(releases_at) + "/" + id, written(asked));
}

told<Operation> caller::uninstall(std::string const& id) {
    marketplace::UninstallHelmReleaseRequest asked;
    asked.set_id(id);
    if (way_ == door::grpc) return by_grpc<Operation>(releases_, &release_stub::Uninstall, asked);
    return by_json<Operation>("POST", std::string(releases_at) + "/uninstall/" + id + ":uninstall");
}

told<marketplace::HelmRelease> caller::get(std::string const& id) {
    marketplace::GetHelmReleaseRequest asked;
    asked.set_id(id);
    if (way_ == door::grpc)
        return by_grpc<marketplace::HelmRelease>(releases_, &release_stub::Get, asked);
    return by_json<marketplace::HelmRelease>("GET", std::string(releases_at) + "/" + id);
}

told<marketplace::ListHelmReleasesResponse> caller::list(std::int64_t size,
                                                         std::string const& after,
                                                         std::string const& cluster) {
    using page = marketplace::ListHelmReleasesResponse;
    marketplace::ListHelmReleasesRequest asked;
    asked.set_cluster_id(cluster);
    asked.set_page_size(size);
    asked.set_page_token(after);
    if (way_ == door::grpc) return by_grpc<page>(releases_, &release_stub::List, asked);
    return by_json<page>("GET", std::string(releases_at) + "?clusterId=" + cluster +
                                    "&pageSize=" + std::to_string(size) + "&pageToken=" + after);
}

told<Operation> caller::follow(std::string const& id) {
    operation::GetOperationRequest asked;
    asked.set_operation_id(id);
    if (way_ == door::grpc) return by_grpc<Operation>(operations_, &operation_stub::Get, asked);
    return by_json<Operation>("GET", "/operations/" + id);
}

told<Operation> caller::cancel(std::string const& id) {
    operation::CancelOperationRequest asked;
    asked.set_operation_id(id);
    if (way_ == door::grpc) return by_grpc<Operation>(operations_, &operation_stub::Cancel, asked);
    return by_json<Operation>("POST", "/operations/" + id + ":cancel");
}

Operation caller::follow_to_end(std::string const& id) {
    auto const begun = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begun < std::chrono::seconds(20)) {
        auto const now = follow(id);
        if (now.code != 0) throw std::runtime_error(now.message);
        if (now.reply.done()) return now.reply;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    throw std::runtime_error("the operation comes to no end");
}

std::string release_in(Operation const& o) {
    // In all three kinds the release's id has the same number.
    marketplace::UninstallHelmReleaseMetadata metadata;
    CHECK(metadata.ParseFromString(o.metadata().value()));
    return metadata.helm_release_id();
}

}  // namespace pilothouse::tests
