#include "server/grpc/words.hpp"

#include <doctest/doctest.h>
#include <google/protobuf/empty.pb.h>
#include <proto/yandex/cloud/k8s/marketplace/v1/helm_release_service.pb.h>

#include <chrono>
#include <optional>
#include <string>

namespace pilothouse::tests::words_test {

using namespace std::chrono_literals;
using storage::operation_kind;
using storage::operation_state;
using storage::release_status;
namespace marketplace = rpc::marketplace;

namespace {

constexpr std::string_view types = "type.googleapis.com/yandex.cloud.k8s.marketplace.v1.";

storage::release_record make_release() {
    storage::release_record r;
    r.id = "r1";
    r.cluster = storage::cluster_id{4};
    r.cluster_name = "harbour";
    r.name = "web";
    r.name_space = "shop";
    r.source.reference = "fleet/charts/stable/hello@1.0.0";
    r.source.product = "p7-hello";
    r.source.chart = "hello";
    r.source.version = "1.0.0";
    r.status = release_status::deployed;
    r.created = from_nanoseconds(1'767'323'045'678'901'234);
    return r;
}

storage::operation_record make_operation(operation_kind kind, operation_state state) {
    storage::operation_record o;
    o.id = "o1";
    o.kind = kind;
    o.state = state;
    o.release = "r1";
    o.cluster_name = "harbour";
    o.name = "web";
    o.name_space = "shop";
    o.description = "Install hello";
    o.by = storage::user_id{12};
    o.by_name = "skipper";
    o.created = from_nanoseconds(1'767'323'045'000'000'001);
    o.modified = o.created + 5s;
    if (kind == operation_kind::install || kind == operation_kind::update)
        o.source = make_release().source;
    return o;
}

std::string type_of(google::protobuf::Any const& any) {
    return any.type_url().substr(std::min(types.size(), any.type_url().size()));
}

rpc::sent_values values(std::initializer_list<std::pair<std::string, std::string>> pairs) {
    rpc::sent_values sent;
    for (auto const& [key, text] : pairs) {
        auto* const one = sent.Add();
        one->set_key(key);
        one->mutable_value()->set_typed_value(text);
    }
    return sent;
}

}  // namespace

TEST_CASE("a release is shown by what its clients need to find again") {
    auto const shown = rpc::shown(make_release());
    CHECK(shown.id() == "r1");
    CHECK(shown.cluster_id() == "harbour");
    CHECK(shown.app_name() == "web");
    CHECK(shown.app_namespace() == "shop");
    CHECK(shown.product_id() == "p7-hello");
    CHECK(shown.product_name().empty());
    CHECK(shown.product_version() == "fleet/charts/stable/hello@1.0.0");
    CHECK(shown.status() == marketplace::HelmRelease::DEPLOYED);
    CHECK(shown.created_at().seconds() == 1'767'323'045);
    CHECK(shown.created_at().nanos() == 678'901'234);
    CHECK(marketplace::HelmRelease::kProductVersionFieldNumber == 10);
}

TEST_CASE("each of Helm's statuses has its own") {
    struct row {
        release_status ours;
        int theirs;
    };
    for (auto const& r :
         {row{release_status::unknown, 1}, row{release_status::deployed, 2},
          row{release_status::uninstalled, 3}, row{release_status::superseded, 4},
          row{release_status::failed, 5}, row{release_status::uninstalling, 6},
          row{release_status::pending_install, 7}, row{release_status::pending_upgrade, 8},
          row{release_status::pending_rollback, 9}})
        CHECK(static_cast<int>(rpc::shown(r.ours)) == r.theirs);
}

TEST_CASE("an operation tells at all times what it is about") {
    struct row {
        operation_kind kind;
        std::string metadata;
    };
    for (auto const& r : {row{operation_kind::install, "InstallHelmReleaseMetadata"},
                          row{operation_kind::update, "UpdateHelmReleaseMetadata"},
                          row{operation_kind::rollback, "UpdateHelmReleaseMetadata"},
                          row{operation_kind::stop, "UpdateHelmReleaseMetadata"},
                          row{operation_kind::restart, "UpdateHelmReleaseMetadata"},
                          row{operation_kind::uninstall, "UninstallHelmReleaseMetadata"}}) {
        for (auto const state : {operation_state::queued, operation_state::running,
                                 operation_state::cancelling, operation_state::done}) {
            auto const o = make_operation(r.kind, state);
            auto const shown = rpc::shown(o, make_release());
            CAPTURE(r.metadata);
            CHECK(type_of(shown.metadata()) == r.metadata);
            CHECK(shown.id() == "o1");
            CHECK(shown.created_by() == "12");
            CHECK(shown.created_at().seconds() == 1'767'323'045);
            CHECK(shown.modified_at().seconds() == 1'767'323'050);
            CHECK(shown.done() == (state == operation_state::done));
            CHECK(shown.has_response() == (state == operation_state::done));
            CHECK(!shown.has_error());
        }
    }
    marketplace::UninstallHelmReleaseMetadata metadata;
    REQUIRE(rpc::shown(make_operation(operation_kind::uninstall, operation_state::queued), {})
                .metadata()
                .UnpackTo(&metadata));
    CHECK(metadata.cluster_id() == "harbour");
    CHECK(metadata.helm_release_id() == "r1");
    marketplace::UpdateHelmReleaseMetadata update;
    REQUIRE(rpc::shown(make_operation(operation_kind::update, operation_state::queued), {})
                .metadata()
                .UnpackTo(&update));
    CHECK(update.product_version_id() == "fleet/charts/stable/hello@1.0.0");
}

TEST_CASE("what went well answers with the release, an uninstall with nothing") {
    for (auto const kind :
         {operation_kind::install, operation_kind::update, operation_kind::rollback,
          operation_kind::stop, operation_kind::restart}) {
        auto const o = make_operation(kind, operation_state::done);
        marketplace::HelmRelease release;
        REQUIRE(rpc::shown(o, make_release()).response().UnpackTo(&release));
        CHECK(release.status() == marketplace::HelmRelease::DEPLOYED);
        // The release was uninstalled since.
        REQUIRE(rpc::shown(o, {}).response().UnpackTo(&release));
        CHECK(release.id() == "r1");
        CHECK(release.status() == marketplace::HelmRelease::UNINSTALLED);
    }
    auto const o = make_operation(operation_kind::uninstall, operation_state::done);
    CHECK(rpc::shown(o, {}).response().type_url() == "type.googleapis.com/google.protobuf.Empty");
}

TEST_CASE("what failed answers with its reason, whose code is never 0") {
    auto o = make_operation(operation_kind::install, operation_state::done);
    for (int i = 0; i <= static_cast<int>(errc::broken); ++i) {
        o.error = storage::operation_error{static_cast<errc>(i), "deployment web is not ready"};
        auto const shown = rpc::shown(o, make_release());
        CHECK(shown.done());
        CHECK(!shown.has_response());
        REQUIRE(shown.has_error());
        CHECK(shown.error().code() != 0);
        CHECK(shown.error().message() == "deployment web is not ready");
    }
    o.error->code = errc::busy;
    CHECK(rpc::shown(o, {}).error().code() == 10);
}

TEST_CASE("the first answer is never done") {
    auto o = make_operation(operation_kind::install, operation_state::done);
    o.error = storage::operation_error{errc::timed_out, "late"};
    auto const shown = rpc::begun(o);
    CHECK(!shown.done());
    CHECK(!shown.has_error());
    CHECK(!shown.has_response());
    CHECK(type_of(shown.metadata()) == "InstallHelmReleaseMetadata");
}

TEST_CASE("what tools printed is made fit for the wire") {
    auto o = make_operation(operation_kind::install, operation_state::done);
    o.error = storage::operation_error{errc::broken, "bad \xff byte, h\xc3\xa9 cut \xc3"};
    auto const shown = rpc::shown(o, {});
    CHECK(shown.error().message() == "bad \xef\xbf\xbd byte, h\xc3\xa9 cut \xef\xbf\xbd");
    o.by = {};
    CHECK(rpc::shown(o, {}).created_by() == "skipper");
}

TEST_CASE("values are taken in the order they came") {
    auto sent = values({{"a.b", "1"}, {"applicationName", "web"}, {"empty", ""}});
    auto const taken = rpc::take_values(sent);
    REQUIRE(taken.has_value());
    REQUIRE(taken->size() == 3);
    CHECK((*taken)[0].key == "a.b");
    CHECK((*taken)[0].text.reveal() == "1");
    CHECK((*taken)[1].text.reveal() == "web");
    CHECK((*taken)[2].text.reveal().empty());
}

TEST_CASE("values that are none are refused by name") {
    auto const field_of = [](rpc::sent_values sent) {
        auto const taken = rpc::take_values(sent);
        REQUIRE(!taken.has_value());
        CHECK(taken.error().code == rpc::code::invalid_argument);
        return taken.error().field;
    };
    CHECK(field_of(values({{"a", "1"}, {"", "2"}})) == "user_values[1].key");
    CHECK(field_of(values({{"a", "1"}, {"b", "2"}, {"a", "1"}})) == "user_values[2].key");
    auto without = values({{"a", "1"}});
    without.Add()->set_key("b");
    CHECK(field_of(without) == "user_values[1].value");
    without.Mutable(1)->mutable_value();  // there, with nothing in it
    CHECK(field_of(without) == "user_values[1].value");
}

}  // namespace pilothouse::tests::words_test
