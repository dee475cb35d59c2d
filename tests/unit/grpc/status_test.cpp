#include "server/grpc/status.hpp"

#include <doctest/doctest.h>
#include <proto/google/rpc/error_details.pb.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace pilothouse::tests::status_test {

using rpc::code;

TEST_CASE("every reason has its code (contracts: releases 1.5)") {
    struct row {
        code expected;
        std::initializer_list<errc> reasons;
    };
    int seen = 0;
    for (auto const& r : std::initializer_list<row>{
             {code::invalid_argument,
              {errc::invalid_argument, errc::invalid_channel, errc::invalid_archive,
               errc::invalid_metadata, errc::unacceptable_chart, errc::invalid_provenance,
               errc::invalid_request, errc::too_large}},
             {code::unauthenticated,
              {errc::unauthenticated, errc::token_expired, errc::token_revoked}},
             {code::permission_denied, {errc::insufficient_scope, errc::blocked, errc::denied}},
             {code::not_found, {errc::not_found}},
             {code::already_exists, {errc::conflict}},
             {code::failed_precondition, {errc::busy, errc::wrong_state}},
             {code::resource_exhausted, {errc::full, errc::quota_full, errc::throttled}},
             {code::unavailable, {errc::unavailable, errc::locked}},
             {code::deadline_exceeded, {errc::timed_out, errc::too_slow}},
             {code::cancelled, {errc::cancelled}},
             {code::internal, {errc::broken}}}) {
        for (auto const reason : r.reasons) {
            CAPTURE(name_of(reason));
            CHECK(rpc::code_of(reason) == r.expected);
            CHECK(rpc::code_of_operation(reason) ==
                  (reason == errc::busy ? code::aborted : r.expected));
            ++seen;
        }
    }
    CHECK(seen == static_cast<int>(errc::broken) + 1);
}

TEST_CASE("codes have gRPC's names and HTTP's statuses") {
    struct row {
        int number;
        std::string_view name;
        unsigned status;
    };
    for (auto const& r :
         {row{0, "OK", 200}, row{1, "CANCELLED", 499}, row{2, "UNKNOWN", 500},
          row{3, "INVALID_ARGUMENT", 400}, row{4, "DEADLINE_EXCEEDED", 504},
          row{5, "NOT_FOUND", 404}, row{6, "ALREADY_EXISTS", 409}, row{7, "PERMISSION_DENIED", 403},
          row{8, "RESOURCE_EXHAUSTED", 429}, row{9, "FAILED_PRECONDITION", 400},
          row{10, "ABORTED", 409}, row{11, "OUT_OF_RANGE", 400}, row{12, "UNIMPLEMENTED", 501},
          row{13, "INTERNAL", 500}, row{14, "UNAVAILABLE", 503}, row{15, "DATA_LOSS", 500},
          row{16, "UNAUTHENTICATED", 401}}) {
        CAPTURE(r.number);
        CHECK(name_of(static_cast<code>(r.number)) == r.name);
        CHECK(rpc::http_status_of(static_cast<code>(r.number)) == r.status);
    }
}

TEST_CASE("a refusal tells which field was wrong, and keeps its cause to itself") {
    auto const plain = rpc::status_of(failure(errc::not_found, "there is none", "secret cause"));
    CHECK(plain.code() == 5);
    CHECK(plain.message() == "there is none");
    CHECK(plain.details_size() == 0);
    CHECK(plain.SerializeAsString().find("secret") == std::string::npos);

    auto const status = rpc::status_of(rpc::wrong("page_size", "too many"));
    CHECK(status.code() == 3);
    REQUIRE(status.details_size() == 1);
    CHECK(status.details(0).type_url() == "type.googleapis.com/google.rpc.BadRequest");
    google::rpc::BadRequest bad;
    REQUIRE(status.details(0).UnpackTo(&bad));
    REQUIRE(bad.field_violations_size() == 1);
    CHECK(bad.field_violations(0).field() == "page_size");
    CHECK(bad.field_violations(0).description() == "page_size: too many");
}

TEST_CASE("a message is as long as trailing metadata can be, encoded, and cut between characters") {
    CHECK(rpc::fit_for_trailers("") == "");
    CHECK(rpc::fit_for_trailers(std::string(1024, 'x')) == std::string(1024, 'x'));
    CHECK(rpc::fit_for_trailers(std::string(1025, 'x')) == std::string(1021, 'x') + "...");
    CHECK(rpc::fit_for_trailers(std::string(341, '\n')) == std::string(341, '\n'));
    CHECK(rpc::fit_for_trailers(std::string(342, '%')) == std::string(340, '%') + "...");
    std::string words;
    for (int i = 0; i < 1000; ++i) words += "\u0436";  // six bytes each, encoded
    CHECK(rpc::fit_for_trailers(words) == words.substr(0, 2 * std::size_t{170}) + "...");
}

}  // namespace pilothouse::tests::status_test
