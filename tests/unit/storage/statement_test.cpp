#include "storage/sqlite/statement.hpp"

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/database_error.hpp"
#include "storage/sqlite/migrations.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <string>

namespace pilothouse::storage::sqlite::statement_test {

namespace {

constexpr sql echo = "SELECT ?, ?, ?, ?, ?, ?, ?";
constexpr sql one = "SELECT 1";
constexpr sql broken = "SELEKT 1";
constexpr sql count_projects = "SELECT count(*) FROM project";
constexpr sql insert_project =
    "INSERT INTO project (path, visibility, anyone_can_pull, duplicates, archived, "
    "packages_enabled, created) VALUES (?, 0, 0, 0, 0, 0, 0)";
constexpr sql future_number = "PRAGMA user_version = 1000";
constexpr sql negative_number = "PRAGMA user_version = -1";

}  // namespace

TEST_CASE("Values come back as they were bound") {
    tests::temp_dir dir;
    connection c(dir.path() / "db", connection::access::write);
    std::string const odd("a\0'\";--\xff", 9);
    auto r = c.run(echo, std::string_view(odd), std::string_view(), blob_view{odd}, sha256("x"),
                   from_nanoseconds(-5), std::optional<instant>(), project_id{});
    REQUIRE(r.next());
    CHECK(r.text(0) == odd);
    CHECK_FALSE(r.null(1));
    CHECK(r.text(1).empty());
    CHECK(r.text(2) == odd);
    CHECK(r.digest(3) == sha256("x"));
    CHECK(r.time(4) == from_nanoseconds(-5));
    CHECK(r.null(5));
    CHECK(r.null(6));
    CHECK(r.integer(6) == 0);
    CHECK_THROWS_AS((void)r.digest(0), database_error);
    CHECK_FALSE(r.next());
}

TEST_CASE("A statement is free again when its rows go, ended or not") {
    tests::temp_dir dir;
    connection c(dir.path() / "db", connection::access::write);
    for (int i = 0; i < 3; ++i) {
        auto r = c.run(one);
        CHECK(r.next());
    }
    CHECK_FALSE(c.in_transaction());
}

TEST_CASE("A statement with a bug is an error that names it") {
    tests::temp_dir dir;
    connection c(dir.path() / "db", connection::access::write);
    CHECK_THROWS_WITH_AS(c.execute(broken), doctest::Contains("SELEKT"), database_error);
}

TEST_CASE("A reading connection changes nothing") {
    tests::temp_dir dir;
    connection writer(dir.path() / "db", connection::access::write);
    REQUIRE(migrate(writer));
    connection reader(dir.path() / "db", connection::access::read);
    CHECK_THROWS_AS(reader.execute(insert_project, std::string_view("grp/app")), database_error);
    CHECK(writer.execute(insert_project, std::string_view("grp/app")) == 1);
    auto r = reader.run(count_projects);
    REQUIRE(r.next());
    CHECK(r.integer(0) == 1);
}

TEST_CASE("A row that is not unique is an error that says so") {
    tests::temp_dir dir;
    connection c(dir.path() / "db", connection::access::write);
    REQUIRE(migrate(c));
    c.execute(insert_project, std::string_view("grp/app"));
    try {
        c.execute(insert_project, std::string_view("GRP/app"));
        FAIL("no error");
    } catch (database_error const& e) {
        CHECK(e.is_not_unique());
        CHECK_FALSE(e.is_failed_sync());
    }
}

TEST_CASE("Migrating again changes nothing; a newer database is refused") {
    tests::temp_dir dir;
    connection c(dir.path() / "db", connection::access::write);
    REQUIRE(migrate(c));
    c.execute(insert_project, std::string_view("grp/app"));
    REQUIRE(migrate(c));
    auto r = c.run(count_projects);
    REQUIRE(r.next());
    CHECK(r.integer(0) == 1);
    for (auto const number : {future_number, negative_number}) {
        c.execute_script(number);
        auto const refused = migrate(c);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::unavailable);
        CHECK(refused.error().detail.find("newer") != std::string::npos);
    }
}

TEST_CASE("A file that is no database is refused") {
    tests::temp_dir dir;
    std::ofstream(dir.path() / "db") << std::string(8192, 'x');
    CHECK_THROWS_AS(connection(dir.path() / "db", connection::access::write), database_error);
}

TEST_CASE("A reading connection does not make a file") {
    tests::temp_dir dir;
    CHECK_THROWS_AS(connection(dir.path() / "db", connection::access::read), database_error);
    CHECK(std::filesystem::is_empty(dir.path()));
}

}  // namespace pilothouse::storage::sqlite::statement_test
