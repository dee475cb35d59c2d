// What is of JSON alone: how messages are written, and what HTTP says to them.
#include "tests/integration/grpc/caller.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <string>

namespace pilothouse::tests::json_test {

namespace json = boost::json;

namespace {

#define RELEASES "/managed-kubernetes/marketplace/v1/helm-releases"

std::string text_of(json::object const& o, std::string_view key) {
    return std::string(o.at(key).as_string());
}

struct fixture : manned_house {
    json::object good(std::string_view method, std::string const& target, std::string const& who,
                      std::string_view body = {}) {
        auto const reply = request(method, target, who, body);
        CAPTURE(reply.body);
        REQUIRE(reply.status == 200);
        CHECK(reply.header("content-type") == "application/json");
        return json::parse(reply.body).as_object();
    }
    // {code, message, details[]}
    void refused(unsigned status, int code, http_reply const& reply) {
        CAPTURE(reply.body);
        CHECK(reply.status == status);
        auto const body = json::parse(reply.body).as_object();
        CHECK(body.at("code").as_int64() == code);
        CHECK(!body.at("message").as_string().empty());
        CHECK(body.at("details").is_array());
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a release is installed, followed, updated and uninstalled with curl") {
    auto const version = product_version();
    auto const finished = [&](json::object const& begun) {
        CHECK(begun.at("done").as_bool() == false);
        caller(*this, door::json, token).follow_to_end(text_of(begun, "id"));
        return good("GET", "/operations/" + text_of(begun, "id"), token);
    };
    work();
    auto const begun = good("POST", RELEASES ":install", token,
                            R"({"clusterId":"dev","productVersionId":")" + version +
                                R"(","userValues":[{"key":"a","value":{"typedValue":"1"}}]})");
    auto const& metadata = begun.at("metadata").as_object();
    CHECK(text_of(metadata, "@type") ==
          "type.googleapis.com/yandex.cloud.k8s.marketplace.v1.InstallHelmReleaseMetadata");
    auto const id = text_of(metadata, "helmReleaseId");
    auto const operation = text_of(begun, "id");
    auto const installed = finished(begun);
    auto const& response = installed.at("response").as_object();
    CHECK(text_of(response, "@type") ==
          "type.googleapis.com/yandex.cloud.k8s.marketplace.v1.HelmRelease");
    CHECK(text_of(response, "status") == "DEPLOYED");
    for (auto const verb : {"GET", "POST"})
        CHECK(text_of(good(verb, "/operations/" + operation + ":cancel", token), "id") ==
              operation);

    auto const shown = good("GET", RELEASES "/" + id, token);
    CHECK(text_of(shown, "clusterId") == "dev");
    CHECK(text_of(shown, "productVersion") == version);
    CHECK(text_of(shown, "productName") == "");
    CHECK(text_of(shown, "createdAt") == "2026-01-02T03:04:05.678901234Z");
    auto const list = good("GET", RELEASES "?clusterId=dev&pageSize=10", token);
    CHECK(list.at("helmReleases").as_array().size() == 1);
    CHECK(text_of(list, "nextPageToken") == "");
    auto const updated = finished(good("PATCH", RELEASES "/" + id, token, "{}"));
    CHECK(text_of(updated.at("metadata").as_object(), "helmReleaseId") == id);
    auto const gone = finished(good("POST", RELEASES "/uninstall/" + id + ":uninstall", token));
    CHECK(text_of(gone.at("metadata").as_object(), "@type") ==
          "type.googleapis.com/yandex.cloud.k8s.marketplace.v1.UninstallHelmReleaseMetadata");
    CHECK(text_of(gone.at("response").as_object(), "@type") ==
          "type.googleapis.com/google.protobuf.Empty");
}

TEST_CASE_FIXTURE(fixture, "errors have gRPC's codes under HTTP's statuses") {
    refused(401, 16, request("GET", RELEASES "?clusterId=dev"));
    refused(401, 16, request("GET", RELEASES "?clusterId=dev", "plhp_wrong"));
    refused(400, 3, request("GET", RELEASES, token));
    refused(400, 3, request("GET", RELEASES "?clusterId=dev&pageSize=1001", token));
    refused(400, 3, request("GET", RELEASES "?clusterId=dev&page=1", token));
    refused(404, 5, request("GET", RELEASES "/r0", token));
    refused(404, 5, request("GET", "/operations/o0", token));
    refused(400, 3, request("POST", RELEASES ":install", token, "{"));
    refused(400, 3, request("POST", RELEASES ":install", token, R"({"nope":1})"));
    refused(400, 3, request("PATCH", RELEASES "/r0", token, R"({"id":"r1"})"));
    refused(404, 5, request("GET", "/managed-kubernetes/nothing", token));
    refused(405, 12, request("DELETE", RELEASES "/r0", token));
    auto const stranger = add_token(add_user("stranger"));
    refused(403, 7, request("GET", RELEASES "?clusterId=dev", stranger));
    auto const anonymous = request("GET", "/operations/o0");
    CHECK(anonymous.header("www-authenticate") == "Bearer");
}

TEST_CASE_FIXTURE(fixture, "endpoints and tokens need no token") {
    auto const all = good("GET", "/endpoints", "").at("endpoints").as_array();
    REQUIRE(all.size() == 4);
    CHECK(text_of(all[1].as_object(), "id") == "iam");
    CHECK(text_of(all[1].as_object(), "address") == "charts.example.org:8443");
    CHECK(text_of(good("GET", "/endpoints/operation", ""), "id") == "operation");
    refused(404, 5, request("GET", "/endpoints/nothing"));

    auto const made =
        good("POST", "/iam/v1/tokens", "", R"({"yandexPassportOauthToken":")" + token + R"("})");
    auto const session = text_of(made, "iamToken");
    CHECK(made.contains("expiresAt"));
    CHECK(request("GET", RELEASES "?clusterId=dev", session).status == 200);
    refused(501, 12, request("POST", "/iam/v1/tokens", "", R"({"jwt":"a.b.c"})"));
    refused(400, 3, request("POST", "/iam/v1/tokens", "", "{}"));
    refused(401, 16,
            request("POST", "/iam/v1/tokens", "", R"({"yandexPassportOauthToken":"unknown"})"));
}

}  // namespace pilothouse::tests::json_test
